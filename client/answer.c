#include "client/answer.h"
#include "client/answer_words.h"
#include "client/json.h"
#include "core/money.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WAY_MAX = 200, TEXT_MAX = 8192, DEPTH_MAX = 8, TITLE_MAX = 256 };

struct part {
	char way[WAY_MAX];
	const json_t *rows;
};

struct parts {
	unsigned count;
	struct part all[KL_ANSWER_PARTS_MAX];
};

/* ---- cells ----------------------------------------------------------------------------------- */

struct line {
	char text[TEXT_MAX];
	size_t len;
	bool full;
};

/* What has no room is missing from there on, and dots say so. */
static void add(struct line *line, const char *text)
{
	static const char dots[] = " ...";
	size_t len = strlen(text);

	if (line->full)
		return;
	if (line->len + len + sizeof dots > sizeof line->text) {
		text = dots;
		len = strlen(dots);
		line->full = true;
	}
	memcpy(line->text + line->len, text, len + 1);
	line->len += len;
}

static int64_t whole_pence(const json_t *value)
{
	return json_is_integer(value) ? json_integer_value(value) : llround(json_real_value(value));
}

static void add_number(struct line *line, const json_t *value, enum kl_book_type type)
{
	double number = json_number_value(value);
	char text[KL_MONEY_TEXT_MAX];

	if (type == KL_BOOK_POUNDS)
		(void)kl_money_format(whole_pence(value), text);
	else
		snprintf(text, sizeof text, type == KL_BOOK_SHARE ? "%.4g%%" : "%.15g",
			type == KL_BOOK_SHARE ? number * 100.0 : number);
	add(line, text);
}

/* Anything on one line: "low 1, high 2; low 3, high 4". */
static void describe(const json_t *value, enum kl_book_type type, struct line *line, unsigned depth)
{
	size_t length = json_is_array(value) ? json_array_size(value) : 0;
	char label[KL_ANSWER_LABEL_MAX];
	const char *key;
	json_t *inner;
	bool more = false;

	if (depth > DEPTH_MAX)
		return;
	if (json_is_string(value))
		add(line, json_string_value(value));
	else if (json_is_boolean(value))
		add(line, json_is_true(value) ? "yes" : "no");
	else if (json_is_number(value))
		add_number(line, value, type);
	for (size_t i = 0; i < length; i++) {
		add(line, i ? "; " : "");
		describe(json_array_get(value, i), type, line, depth + 1);
	}
	if (!json_is_object(value))
		return;
	json_object_foreach((json_t *)(uintptr_t)value, key, inner)
	{
		if (json_is_null(inner))
			continue;
		add(line, more ? ", " : "");
		add(line, kl_answer_label(key, false, label));
		add(line, " ");
		describe(inner, kl_answer_type(key, type), line, depth + 1);
		more = true;
	}
}

static void put_number(struct kl_book *book, const json_t *value, enum kl_book_type type)
{
	if (type == KL_BOOK_POUNDS)
		kl_book_pounds(book, whole_pence(value));
	else if (type == KL_BOOK_SHARE)
		kl_book_share(book, json_number_value(value));
	else
		kl_book_number(book, json_number_value(value));
}

static void put_cell(struct kl_book *book, const json_t *value, enum kl_book_type type)
{
	struct line line = {.len = 0};

	if (!value || json_is_null(value))
		kl_book_skip(book);
	else if (json_is_number(value))
		put_number(book, value, type);
	else if (json_is_string(value))
		kl_book_date(book, json_string_value(value)); /* text, unless it is a date */
	else {
		describe(value, type, &line, 0);
		kl_book_text(book, line.text);
	}
}

/* ---- walking --------------------------------------------------------------------------------- */

static bool is_part(const json_t *value)
{
	return json_is_array(value) && json_is_object(json_array_get(value, 0));
}

/* Too long a way is cut. */
static void go_on(const char *way, const char *key, char out[WAY_MAX])
{
	if (snprintf(out, WAY_MAX, "%s%s%s", way, way[0] ? "." : "", key) < 0)
		out[0] = '\0';
}

/* Lists of maps, wherever they are in maps. */
static void find_parts(const json_t *value, const char *way, struct parts *parts, unsigned depth)
{
	const char *key;
	json_t *inner;

	if (is_part(value) && parts->count < KL_ANSWER_PARTS_MAX) {
		struct part *part = &parts->all[parts->count++];

		snprintf(part->way, sizeof part->way, "%s", way);
		part->rows = value;
	}
	if (!json_is_object(value) || depth > DEPTH_MAX)
		return;
	json_object_foreach((json_t *)(uintptr_t)value, key, inner)
	{
		char further[WAY_MAX];

		go_on(way, key, further);
		find_parts(inner, further, parts, depth + 1);
	}
}

/* What a map comes to without the maps in it: a value for each way. */
struct visit {
	void (*one)(void *data, const char *way, const json_t *value, enum kl_book_type type);
	void *data;
	bool parts_too;                           /* a list of maps is a value as well */
	void (*map)(void *data, const char *way); /* told of each map, if it is there */
};

static void walk(const struct visit *visit, const json_t *value, const char *way,
	enum kl_book_type type, unsigned depth)
{
	const char *key;
	json_t *inner;

	if (!json_is_object(value) || depth > DEPTH_MAX) {
		if (visit->parts_too || !is_part(value))
			visit->one(visit->data, way, value, type);
		return;
	}
	if (visit->map)
		visit->map(visit->data, way);
	json_object_foreach((json_t *)(uintptr_t)value, key, inner)
	{
		char further[WAY_MAX];

		go_on(way, key, further);
		walk(visit, inner, further, kl_answer_type(key, type), depth + 1);
	}
}

/* ---- facts ----------------------------------------------------------------------------------- */

static void put_fact(void *data, const char *way, const json_t *value, enum kl_book_type type)
{
	struct kl_book *book = data;
	char label[KL_ANSWER_LABEL_MAX];
	size_t count = json_is_array(value) ? json_array_size(value) : 1;

	kl_answer_label(way, type == KL_BOOK_POUNDS && json_is_number(value), label);
	for (size_t i = 0; i < count; i++) {
		kl_book_text(book, label);
		put_cell(book, json_is_array(value) ? json_array_get(value, i) : value, type);
		kl_book_end_row(book);
	}
}

static void count_fact(void *data, const char *way, const json_t *value, enum kl_book_type type)
{
	unsigned *count = data;

	(void)way, (void)value, (void)type;
	(*count)++;
}

static unsigned count_facts(const json_t *answer)
{
	unsigned count = 0;
	struct visit visit = {count_fact, &count, false, NULL};

	if (json_is_object(answer))
		walk(&visit, answer, "", KL_BOOK_NUMBER, 0);
	return count;
}

static void write_facts(const json_t *answer, const char *const *lines, struct kl_book *book)
{
	static const struct kl_book_column columns[] = {
		{"what", KL_BOOK_TEXT, .width = 44}, {"value", KL_BOOK_TEXT, .width = 40}};
	const struct kl_book_sheet sheet = {
		.name = "Answer", .lines = lines, .columns = columns, .count = 2};
	struct visit visit = {put_fact, book, false, NULL};

	kl_book_begin(book, &sheet);
	if (json_is_object(answer))
		walk(&visit, answer, "", KL_BOOK_NUMBER, 0);
}

/* ---- parts ----------------------------------------------------------------------------------- */

/* The columns of a part in the order in which its rows bring them. */
struct table {
	json_t *places; /* way to its column */
	json_t *maps; /* ways at which some row has a map: where another has null, it has no column */
	struct kl_book_sheet sheet;
	struct kl_book_column columns[KL_BOOK_COLUMNS_MAX];
	char labels[KL_BOOK_COLUMNS_MAX][KL_ANSWER_LABEL_MAX];
	char name[KL_ANSWER_LABEL_MAX];
	const json_t *row[KL_BOOK_COLUMNS_MAX]; /* the one that is written */
	bool failed;
};

static struct kl_book_column *column_of(struct table *t, const char *way)
{
	json_t *place = json_object_get(t->places, way);
	unsigned i = t->sheet.count;

	if (place)
		return &t->columns[json_integer_value(place)];
	if (i == KL_BOOK_COLUMNS_MAX || json_object_get(t->maps, way))
		return NULL;
	if (json_object_set_new(t->places, way, json_integer((json_int_t)i)) != 0) {
		t->failed = true;
		return NULL;
	}
	t->sheet.count++;
	t->columns[i].type = KL_BOOK_TEXT;
	return &t->columns[i];
}

static void take_map(void *data, const char *way)
{
	struct table *t = data;

	t->failed |= json_object_set_new(t->maps, way, json_true()) != 0;
}

static void pass(void *data, const char *way, const json_t *value, enum kl_book_type type)
{
	(void)data, (void)way, (void)value, (void)type;
}

static void take_column(void *data, const char *way, const json_t *value, enum kl_book_type type)
{
	struct kl_book_column *column = column_of(data, way[0] ? way : "value");

	/* an amount that nobody has in any row is one in pounds, too */
	if (column && (json_is_number(value) || (json_is_null(value) && type == KL_BOOK_POUNDS)))
		column->type = type;
}

static void take_cell(void *data, const char *way, const json_t *value, enum kl_book_type type)
{
	struct table *t = data;
	const struct kl_book_column *column = column_of(t, way[0] ? way : "value");

	(void)type;
	if (column)
		t->row[column - t->columns] = value;
}

static void find_columns(struct table *t, const json_t *rows)
{
	struct visit visits[] = {{pass, t, true, take_map}, {take_column, t, true, NULL}};
	const char *way;
	json_t *place;

	t->sheet.columns = t->columns;
	for (size_t v = 0; v < sizeof visits / sizeof *visits; v++)
		for (size_t i = 0; i < json_array_size(rows); i++)
			walk(&visits[v], json_array_get(rows, i), "", KL_BOOK_NUMBER, 0);
	if (!t->sheet.count)
		(void)column_of(t, "value");
	json_object_foreach(t->places, way, place)
	{
		json_int_t i = json_integer_value(place);

		t->columns[i].name =
			kl_answer_label(way, t->columns[i].type == KL_BOOK_POUNDS, t->labels[i]);
	}
}

static void write_rows(struct table *t, const json_t *rows, struct kl_book *book)
{
	struct visit visit = {take_cell, t, true, NULL};

	kl_book_begin(book, &t->sheet);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		memset(t->row, 0, sizeof t->row);
		walk(&visit, json_array_get(rows, i), "", KL_BOOK_NUMBER, 0);
		for (unsigned c = 0; c < t->sheet.count; c++)
			put_cell(book, t->row[c], t->columns[c].type);
		kl_book_end_row(book);
	}
}

static int write_part(const json_t *rows, const char *way, const char *const *lines,
	struct kl_book *book, struct kl_fault *fault)
{
	struct table *t = calloc(1, sizeof *t);
	int rc = KL_OK;

	if (!t)
		return kl_fault(fault, KL_E_NOMEM, "no memory for the table");
	t->places = json_object();
	t->maps = json_object();
	t->sheet.name = kl_answer_label(way[0] ? way : "answer", false, t->name);
	t->sheet.lines = lines;
	if (t->places && t->maps)
		find_columns(t, rows);
	if (!t->places || !t->maps || t->failed)
		rc = kl_fault(fault, KL_E_NOMEM, "no memory for the table");
	else
		write_rows(t, rows, book);
	json_decref(t->places);
	json_decref(t->maps);
	free(t);
	return rc;
}

/* ---- the file -------------------------------------------------------------------------------- */

static int write_all(const json_t *answer, const char *title, const struct parts *parts,
	struct kl_book *book, struct kl_fault *fault)
{
	const char *const lines[] = {title, NULL};
	int rc = KL_OK;

	if (count_facts(answer) || !parts->count)
		write_facts(answer, lines, book);
	for (unsigned i = 0; i < parts->count && !rc; i++)
		rc = write_part(parts->all[i].rows, parts->all[i].way, lines, book, fault);
	return rc;
}

static void leave_out(char left_out[KL_ANSWER_LIST_MAX], const char *label)
{
	size_t n = strlen(left_out);

	if (n + strlen(label) + 4 < KL_ANSWER_LIST_MAX)
		snprintf(left_out + n, KL_ANSWER_LIST_MAX - n, "%s%s", n ? ", " : "", label);
}

/* A list of plain values is a table, too. */
static bool is_list(const json_t *answer)
{
	return json_is_array(answer) && !is_part(answer);
}

static int write_one(const json_t *answer, const struct parts *parts, struct kl_book *book,
	struct kl_fault *fault, char left_out[KL_ANSWER_LIST_MAX])
{
	char label[KL_ANSWER_LABEL_MAX];

	if (is_list(answer))
		return write_part(answer, "", NULL, book, fault);
	if (!parts->count) {
		write_facts(answer, NULL, book);
		return KL_OK;
	}
	if (count_facts(answer))
		leave_out(left_out, "what holds for all rows");
	for (unsigned i = 1; i < parts->count; i++)
		leave_out(left_out, kl_answer_label(parts->all[i].way, false, label));
	return write_part(parts->all[0].rows, parts->all[0].way, NULL, book, fault);
}

int kl_answer_book(const json_t *answer, const char *title, const char *path,
	struct kl_fault *fault, char left_out[KL_ANSWER_LIST_MAX])
{
	struct parts *parts = calloc(1, sizeof *parts);
	struct kl_book *book;
	int rc;

	left_out[0] = '\0';
	if (!parts)
		return kl_fault(fault, KL_E_NOMEM, "no memory for the table");
	rc = kl_book_new(path, fault, &book);
	if (rc) {
		free(parts);
		return rc;
	}
	find_parts(answer, "", parts, 0);
	if (!kl_book_is_xlsx(path))
		rc = write_one(answer, parts, book, fault, left_out);
	else if (is_list(answer))
		rc = write_part(answer, "", (const char *const[]){title, NULL}, book, fault);
	else
		rc = write_all(answer, title, parts, book, fault);
	if (!rc)
		rc = kl_book_finish(book, fault);
	kl_book_close(book);
	free(parts);
	return rc;
}

/* "keeplocal lm3 result jubilee" */
static void name_it(const struct kl_args *args, char title[TITLE_MAX])
{
	size_t n = (size_t)snprintf(title, TITLE_MAX, "keeplocal %s", args->command->words);

	for (size_t i = 0; i < args->operand_count && n < TITLE_MAX; i++)
		n += (size_t)snprintf(title + n, TITLE_MAX - n, " %s", args->operands[i]);
	kl_text_make_plain(title, false);
}

int kl_answer_write(struct kl_cli *cli, const struct kl_value *answer, const char *path)
{
	char title[TITLE_MAX], left_out[KL_ANSWER_LIST_MAX];
	json_t *json = NULL;
	int rc = kl_json_from_value(answer, &json);

	if (rc)
		return kl_fault(&cli->fault, rc, "the daemon's answer cannot be read");
	name_it(&cli->args, title);
	rc = kl_answer_book(json, title, path, &cli->fault, left_out);
	json_decref(json);
	if (rc)
		return rc;
	if (!cli->json)
		fprintf(cli->out, "%s\n", path);
	if (left_out[0])
		fprintf(cli->err,
			"keeplocal: a CSV holds one table; not in it: %s (.xlsx has all)\n",
			left_out);
	return KL_OK;
}
