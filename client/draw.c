#include "client/draw.h"

#include <string.h>

enum { LINE_WIDTH = 100 };

const char *kl_draw_word(const char *word, char out[KL_DRAW_TEXT_MAX])
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-./:+,@%";
	static const char quote[] = "'\\''"; /* ends the quotes, stands for one, begins again */
	char *at = out;

	if (word[0] && strspn(word, plain) == strlen(word)) {
		(void)snprintf(out, KL_DRAW_TEXT_MAX, "%s", word);
		return out;
	}
	*at++ = '\'';
	for (; *word && at + sizeof quote + 1 < out + KL_DRAW_TEXT_MAX; word++) {
		if (*word != '\'') {
			*at++ = *word;
			continue;
		}
		memcpy(at, quote, sizeof quote - 1);
		at += sizeof quote - 1;
	}
	*at++ = '\'';
	*at = '\0';
	return out;
}

struct kl_cursor kl_draw_items(const struct kl_value *map, const char *key)
{
	struct kl_value array;

	if (kl_get_array(map, key, &array))
		return (struct kl_cursor){{NULL, 0}, 0};
	return kl_cursor(&array);
}

size_t kl_draw_count(const struct kl_value *map, const char *key)
{
	struct kl_value array;

	return kl_get_array(map, key, &array) ? 0 : array.count;
}

const char *kl_draw_number(
	const struct kl_value *map, const char *key, const char *none, char out[KL_DRAW_NUMBER_MAX])
{
	double value;

	if (kl_get_double(map, key, &value))
		(void)kl_copy_text(out, KL_DRAW_NUMBER_MAX, none);
	else
		(void)snprintf(out, KL_DRAW_NUMBER_MAX, "%.10g", value);
	return out;
}

const char *kl_draw_named(
	const struct kl_value *map, const char *key, const char *none, char *out, size_t size)
{
	char name[64];

	(void)snprintf(name, sizeof name, "%s_name", key);
	if (!kl_cli_text(map, name, "", out, size)[0])
		kl_cli_text(map, key, none, out, size);
	return out;
}

uint64_t kl_draw_uint(const struct kl_value *map, const char *key)
{
	uint64_t value;

	return kl_get_uint(map, key, UINT64_MAX, &value) ? 0 : value;
}

bool kl_draw_flag(const struct kl_value *map, const char *key)
{
	bool value;

	return !kl_get_bool_or(map, key, false, &value) && value;
}

bool kl_draw_unpublished(FILE *out, const struct kl_value *answer)
{
	bool published;

	if (kl_get_bool_or(answer, "published", true, &published) || published)
		return false;
	fputs("A dry run: nothing was published.\n", out);
	return true;
}

void kl_draw_cell(
	struct kl_table *table, const struct kl_value *map, const char *key, const char *none)
{
	char text[KL_DRAW_TEXT_MAX];

	kl_table_cell(table, "%s", kl_cli_text(map, key, none, text, sizeof text));
}

void kl_draw_plain(FILE *out, const char *text, int indent)
{
	for (const char *c = text; *c; c++) {
		if (*c == '\n')
			fprintf(out, "\n%*s", indent, "");
		else
			fputc((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c, out);
	}
}

void kl_draw_line(
	FILE *out, int indent, const char *label, const struct kl_value *map, const char *key)
{
	char text[KL_DRAW_TEXT_MAX];

	if (kl_get_text(map, key, text, sizeof text) || !text[0])
		return;
	fprintf(out, "%*s%s: ", indent, "", label);
	kl_draw_plain(out, text, indent + 2);
	fputc('\n', out);
}

void kl_draw_texts(FILE *out, const char *bullet, const struct kl_value *map, const char *key)
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	struct kl_value item;
	char text[KL_DRAW_TEXT_MAX];

	while (kl_cursor_next(&cursor, &item)) {
		if (kl_value_text(&item, text, sizeof text))
			continue;
		fputs(bullet, out);
		kl_draw_plain(out, text, (int)strlen(bullet));
		fputc('\n', out);
	}
}

void kl_draw_titled(FILE *out, const char *title, const struct kl_value *map, const char *key)
{
	if (!kl_draw_count(map, key))
		return;
	fprintf(out, "\n%s\n", title);
	kl_draw_texts(out, "  ", map, key);
}

/* Width of a text in a terminal: characters, not bytes. */
static size_t width_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static const char *next_character(const char *c)
{
	for (c++; ((unsigned char)*c & 0xc0) == 0x80;)
		c++;
	return c;
}

const char *kl_draw_line_end(const char *text, size_t width, const char **ret_next)
{
	const char *c = text, *blank = NULL;
	size_t n = 0;

	while (*c && *c != '\n' && n < width) {
		if (*c == ' ')
			blank = c;
		c = next_character(c);
		n++;
	}
	if (*c && *c != '\n' && *c != ' ' && blank)
		c = blank;
	*ret_next = c + (*c == '\n' || *c == ' ');
	return c;
}

static void print_piece(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		fputc((unsigned char)text[i] < 0x20 || text[i] == 0x7f ? '?' : text[i], out);
}

void kl_draw_wrapped(FILE *out, const char *text, size_t width, int indent)
{
	const char *next;

	for (bool first = true; *text || first; text = next, first = false) {
		const char *end = kl_draw_line_end(text, width, &next);

		if (!first)
			fprintf(out, "%*s", indent, "");
		print_piece(out, text, (size_t)(end - text));
		fputc('\n', out);
	}
}

void kl_draw_bullet(FILE *out, const char *bullet, const char *text)
{
	const size_t indent = width_of(bullet);

	fputs(bullet, out);
	kl_draw_wrapped(out, text, LINE_WIDTH - indent, (int)indent);
}

void kl_draw_wrapped_texts(
	FILE *out, const char *bullet, const struct kl_value *map, const char *key)
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	struct kl_value item;
	char text[KL_DRAW_TEXT_MAX];

	while (kl_cursor_next(&cursor, &item))
		if (!kl_value_text(&item, text, sizeof text))
			kl_draw_bullet(out, bullet, text);
}

void kl_draw_joined(
	FILE *out, const char *title, const struct kl_value *map, const char *key, const char *end)
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	const char *between = ": ";
	size_t column = width_of(title), width;
	struct kl_value item;
	char text[KL_DRAW_TEXT_MAX];

	if (!kl_draw_count(map, key))
		return;
	fputs(title, out);
	while (kl_cursor_next(&cursor, &item)) {
		if (kl_value_text(&item, text, sizeof text))
			continue;
		width = strlen(between) + width_of(text);
		if (column + width > LINE_WIDTH && between[0] == ',') {
			between = ",\n    ";
			column = 3;
		}
		fputs(between, out);
		kl_draw_plain(out, text, 0);
		column += width;
		between = ", ";
	}
	fputs(end, out);
}
