#include "client/post_text.h"
#include "client/draw.h"
#include "client/request.h"
#include "core/post.h"
#include "core/bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- what was typed -------------------------------------------------------------------------- */

static bool stays_here(const char *option)
{
	static const char *const own[] = {"dry-run", "yes", "text-file", "out", "n"};

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (!strcmp(option, own[i]))
			return true;
	return false;
}

void kl_post_pack(const struct kl_cli *cli, struct kl_pack *pack, const char *text)
{
	const struct kl_option *option = cli->args.command->options;

	for (; option && option->name; option++)
		if (!stays_here(option->name))
			kl_request_option(cli, pack, option);
	if (text)
		kl_pack_text(pack, "text", text);
}

int kl_post_pack_number(struct kl_cli *cli, struct kl_pack *pack)
{
	uint64_t n;
	bool given = false;
	int rc = kl_args_uint(&cli->args, "n", 200, &cli->fault, &given, &n);

	if (!rc && given)
		kl_pack_int(pack, "n", (int64_t)n);
	return rc;
}

/* ---- a text out of a file -------------------------------------------------------------------- */

static int read_all(
	FILE *in, const char *name, char *out, size_t size, size_t *ret_len, struct kl_fault *fault)
{
	size_t len = fread(out, 1, size, in);

	if (ferror(in))
		return kl_fault(fault, KL_E_IO, "%s cannot be read: %s", name, strerror(errno));
	if (len == size)
		return kl_fault(fault, KL_E_TOO_BIG, "%s: is longer than the %d bytes of a text",
			name, KL_POST_TEXT_MAX - 1);
	*ret_len = len;
	return KL_OK;
}

/* Line ends of all systems become \n; blanks and lines around the text go. */
static char *tidy(char *text, size_t len)
{
	char *to = text, *begin = text;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
			continue;
		*to++ = text[i] == '\r' ? '\n' : text[i] == '\t' ? ' ' : text[i];
	}
	if (to - begin >= 3 && !memcmp(begin, "\xef\xbb\xbf", 3))
		begin += 3;
	while (begin < to && (*begin == '\n' || *begin == ' '))
		begin++;
	while (to > begin && (to[-1] == '\n' || to[-1] == ' '))
		to--;
	*to = '\0';
	return memmove(text, begin, (size_t)(to - begin) + 1);
}

static int read_text(struct kl_cli *cli, const char *path, char *text, size_t size)
{
	bool in = !strcmp(path, "-");
	const char *name = in ? "the text that comes in" : path;
	FILE *file = in ? stdin : fopen(path, "rb");
	size_t len = 0;
	int rc;

	if (!file)
		return kl_fault(&cli->fault, errno == ENOENT ? KL_E_NOT_FOUND : KL_E_IO,
			"%s cannot be read: %s", path, strerror(errno));
	rc = read_all(file, name, text, size, &len, &cli->fault);
	if (!in)
		fclose(file);
	if (rc)
		return rc;
	if (memchr(text, '\0', len) || !kl_text_is_plain(kl_bytes_str(tidy(text, len)), true)) {
		kl_fault(&cli->fault, KL_E_INVALID, "%s: is no plain text in UTF-8", name);
		return kl_fault_hint(&cli->fault, "save it as text from the program it comes from");
	}
	return text[0] ? KL_OK : kl_fault(&cli->fault, KL_E_INVALID, "%s: is empty", name);
}

int kl_post_text_read(struct kl_cli *cli, char **ret_text)
{
	const char *path = kl_args_option(&cli->args, "text-file");
	char *text;
	int rc;

	*ret_text = NULL;
	if (!path)
		return KL_OK;
	if (kl_args_option(&cli->args, "text"))
		return kl_fault(&cli->fault, KL_E_USAGE, "--text or --text-file, not both");
	text = malloc(KL_POST_TEXT_MAX + 1);
	if (!text)
		return kl_fault(&cli->fault, KL_E_NOMEM, "out of memory");
	rc = read_text(cli, path, text, KL_POST_TEXT_MAX);
	if (rc)
		free(text);
	else
		*ret_text = text;
	return rc;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void draw_text(FILE *out, const struct kl_value *post)
{
	struct kl_value v;
	struct kl_bytes view;
	char *text;

	if (kl_map_get(post, "text", &v) || kl_value_text_n(&v, &view))
		return;
	text = strndup((const char *)view.data, view.len);
	if (!text)
		return;
	fputc('\n', out);
	kl_draw_plain(out, text, 0);
	fputc('\n', out);
	free(text);
}

static const char *const lists[][2] = {{"characteristics", "about"},
	{"stages", "stages of commissioning"}, {"routes", "routes"}, {"services", "services"},
	{"barriers", "barriers"}};

enum { LISTS = sizeof lists / sizeof *lists };

static bool has_facets(const struct kl_value *post)
{
	static const char *const texts[] = {"place", "period", "outcome"};
	size_t n = kl_draw_count(post, "links");
	char text[KL_POST_PLACE_MAX];

	for (size_t i = 0; i < LISTS; i++)
		n += kl_draw_count(post, lists[i][0]);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		n += kl_cli_text(post, texts[i], "", text, sizeof text)[0] != '\0';
	return n;
}

const char *kl_post_author(const struct kl_value *post, char out[KL_POST_AUTHOR_MAX])
{
	char state[32];
	size_t len;

	kl_cli_text(post, "member", "?", out, KL_POST_AUTHOR_MAX);
	kl_cli_text(post, "member_state", "active", state, sizeof state);
	len = strlen(out);
	if (strcmp(state, "active") != 0)
		(void)snprintf(out + len, KL_POST_AUTHOR_MAX - len, " (%s)", state);
	return out;
}

void kl_draw_post(FILE *out, const struct kl_value *post)
{
	char title[KL_POST_TITLE_MAX];

	if (kl_cli_text(post, "title", "", title, sizeof title)[0])
		fprintf(out, "%s\n", title);
	draw_text(out, post);
	if (has_facets(post))
		fputc('\n', out);
	kl_draw_line(out, 0, "where", post, "place");
	kl_draw_line(out, 0, "when", post, "period");
	for (size_t i = 0; i < LISTS; i++)
		kl_draw_joined(out, lists[i][1], post, lists[i][0], "\n");
	kl_draw_line(out, 0, "outcome", post, "outcome");
	kl_draw_texts(out, "see ", post, "links");
}

void kl_draw_post_preview(FILE *out, const struct kl_value *answer)
{
	kl_draw_titled(out, "Is this meant to be public?", answer, "warnings");
	fputs("\nIt stands under your name, for every member to read, and on their machines. You "
	      "can withdraw\nit later: daemons erase it then; what somebody copied or printed "
	      "stays.\n",
		out);
}
