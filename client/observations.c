#include "client/observations.h"
#include "core/bytes.h"
#include "core/words.h"
#include "protocol/doc_observation.h"
#include "protocol/part.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	INDICATOR,
	COMPONENT,
	PERIOD,
	PLACE,
	VALUE,
	TEXT,
	METHOD,
	VERSION,
	CONFIDENCE,
	SOURCE,
	CHALLENGER,
	COLUMNS
};

static const struct kl_column columns[COLUMNS] = {
	[INDICATOR] = {"indicator", {"metric", "measure", "code"}, true},
	[COMPONENT] = {"component", {"which number", "part"}, false},
	[PERIOD] = {"period", {"year", "when"}, true},
	[PLACE] = {"place", {"area", "neighbourhood", "ward"}, false},
	[VALUE] = {"value", {"figure", "number", "amount"}, false},
	[TEXT] = {"text", {"story", "words", "comment"}, false},
	[METHOD] = {"method", {"how"}, false},
	[VERSION] = {"method_version", {"version"}, false},
	[CONFIDENCE] = {"confidence", {NULL}, false},
	[SOURCE] = {"source", {"where from"}, false},
	[CHALLENGER] = {"challenger", {"challenged by", "checked by"}, false},
};

/* A name that was asked about; `rc` if it means nothing. */
struct named {
	char *name;
	int rc;
	struct kl_meaning meaning;
};

/* Where a quantity, period and place stood first: an open table of hashes. */
struct place {
	uint64_t hash; /* 0: free */
	uint32_t line;
};

struct kl_observations {
	struct kl_sheet *sheet;
	kl_meaning_fn *meaning;
	void *arg;
	struct named *names;
	size_t n_names;
	struct place *seen;
	size_t seen_size; /* a power of two */
	struct kl_writer rows;
	size_t *ends; /* of each row */
	size_t n, capacity, next;
};

const struct kl_column *kl_observations_columns(unsigned *ret_count)
{
	*ret_count = COLUMNS;
	return columns;
}

/* ---- names --------------------------------------------------------------------------------- */

static int learn_name(struct kl_observations *o, const char *name, struct kl_fault *fault)
{
	struct named named = {.name = NULL};
	struct named *names = realloc(o->names, (o->n_names + 1) * sizeof *names);

	if (!names) {
		(void)kl_fault(fault, KL_E_NOMEM, "no memory for names");
		return KL_E_NOMEM;
	}
	o->names = names;
	named.rc = o->meaning(o->arg, name, &named.meaning, fault);
	if (named.rc && named.rc != KL_E_NOT_FOUND && named.rc != KL_E_AMBIGUOUS)
		return named.rc;
	named.name = strdup(name);
	if (!named.name) {
		(void)kl_fault(fault, KL_E_NOMEM, "no memory for names");
		return KL_E_NOMEM;
	}
	names[o->n_names++] = named;
	return named.rc;
}

/* What a name means, which is asked once; NULL with the code in *ret_rc. */
static const struct kl_meaning *find_name(
	struct kl_observations *o, const char *name, int *ret_rc, struct kl_fault *fault)
{
	size_t i = 0;

	while (i < o->n_names && strcmp(o->names[i].name, name) != 0)
		i++;
	*ret_rc = KL_OK;
	if (i < o->n_names && o->names[i].rc) {
		*ret_rc = o->names[i].rc;
		(void)kl_fault(fault, *ret_rc, "no indicator fits \"%.80s\"", name);
	} else if (i == KL_OBSERVATION_NAMES_MAX) {
		*ret_rc = KL_E_TOO_BIG;
		(void)kl_fault(fault, KL_E_TOO_BIG, "more than %d different indicators",
			KL_OBSERVATION_NAMES_MAX);
	} else if (i == o->n_names) {
		*ret_rc = learn_name(o, name, fault);
	}
	return *ret_rc ? NULL : &o->names[i].meaning;
}

/* ---- cells --------------------------------------------------------------------------------- */

/* A fault that core told, at its place in the file. */
static int at_cell(const struct kl_observations *o, struct kl_fault *fault, unsigned column)
{
	(void)kl_fault_at(fault, "%s, %s %u, column '%s'", kl_sheet_name(o->sheet),
		kl_sheet_word(o->sheet), (unsigned)kl_sheet_line(o->sheet), columns[column].name);
	if (fault->code != KL_E_NOMEM && fault->code != KL_E_TOO_BIG)
		fault->code = KL_E_MALFORMED;
	return fault->code;
}

static int read_line(const struct kl_observations *o, unsigned column, char *out, size_t size,
	struct kl_fault *fault)
{
	char expected[64];

	if (kl_one_line(kl_sheet_cell(o->sheet, column), out, size))
		return KL_OK;
	(void)snprintf(expected, sizeof expected, "at most %zu bytes", size - 1);
	return kl_sheet_fault(o->sheet, fault, KL_E_TOO_BIG, column, expected);
}

static int read_words(
	const struct kl_observations *o, struct kl_observation *x, struct kl_fault *fault)
{
	const char *confidence = kl_sheet_cell(o->sheet, CONFIDENCE);
	const struct {
		unsigned column;
		char *out;
		size_t size;
	} lines[] = {{PLACE, x->place, sizeof x->place}, {METHOD, x->method, sizeof x->method},
		{VERSION, x->method_version, sizeof x->method_version},
		{SOURCE, x->source, sizeof x->source},
		{CHALLENGER, x->challenger, sizeof x->challenger}};
	int rc = KL_OK;

	for (size_t i = 0; !rc && i < sizeof lines / sizeof *lines; i++)
		rc = read_line(o, lines[i].column, lines[i].out, lines[i].size, fault);
	if (!rc && confidence[0] && kl_confidence_parse(confidence, &x->confidence))
		rc = kl_sheet_fault(o->sheet, fault, KL_E_MALFORMED, CONFIDENCE,
			"high, moderate, low or nothing");
	return rc;
}

static int begin(const struct kl_observations *o, const struct kl_meaning *meaning,
	struct kl_observation *x, struct kl_fault *fault)
{
	char component[KL_OBSERVATION_COMPONENT_MAX];
	struct kl_indicator view;
	struct kl_period period;
	int rc = read_line(o, COMPONENT, component, sizeof component, fault);

	if (rc)
		return rc;
	if (kl_period_parse(kl_sheet_cell(o->sheet, PERIOD), &period))
		return kl_sheet_fault(o->sheet, fault, KL_E_MALFORMED, PERIOD,
			"a year 2016, a financial year 2016/17, a quarter 2016-Q3 or a month "
			"2016-03");
	if (meaning->defined) {
		kl_definition_view(&meaning->definition, meaning->code, &view);
		rc = kl_observation_init_defined(&view, &meaning->id, component, period, x, fault);
	} else {
		rc = kl_observation_init(meaning->code, component, period, x, fault);
	}
	return rc ? at_cell(o, fault, rc == KL_E_INVALID ? PERIOD : COMPONENT) : KL_OK;
}

static bool words_alone(const struct kl_meaning *meaning)
{
	const struct kl_indicator *it = kl_indicator_by_code(meaning->code);

	if (meaning->defined)
		return meaning->definition.form != KL_QUANTITATIVE;
	return it && it->form != KL_QUANTITATIVE;
}

static int read_value(const struct kl_observations *o, const struct kl_meaning *meaning,
	struct kl_observation *x, struct kl_fault *fault)
{
	const char *value = kl_sheet_cell(o->sheet, VALUE), *text = kl_sheet_cell(o->sheet, TEXT);
	int rc = KL_OK;

	if (text[0] && kl_observation_words(x, text, fault))
		return at_cell(o, fault, TEXT);
	if (!value[0] && !text[0])
		return kl_sheet_fault(
			o->sheet, fault, KL_E_MALFORMED, VALUE, "a value, or words under 'text'");
	if (value[0])
		rc = kl_observation_value(x, value, fault);
	if (rc == KL_E_INVALID && meaning->defined && words_alone(meaning) && !text[0])
		rc = kl_observation_words(x, value, fault);
	if (!rc)
		rc = kl_observation_check(x, fault);
	return rc ? at_cell(o, fault, value[0] ? VALUE : TEXT) : KL_OK;
}

static int read_row(struct kl_observations *o, struct kl_observation *ret, struct kl_fault *fault)
{
	const char *name = kl_sheet_cell(o->sheet, INDICATOR);
	const struct kl_meaning *meaning;
	struct kl_observation x;
	int rc = kl_sheet_check_row(o->sheet, fault);

	if (rc)
		return rc;
	if (!name[0])
		return kl_sheet_fault(o->sheet, fault, KL_E_MALFORMED, INDICATOR,
			"the name of an indicator, or a part of it");
	meaning = find_name(o, name, &rc, fault);
	if (!meaning)
		return rc == KL_E_NOT_FOUND || rc == KL_E_AMBIGUOUS ? at_cell(o, fault, INDICATOR)
								    : rc;
	rc = begin(o, meaning, &x, fault);
	if (!rc)
		rc = read_words(o, &x, fault);
	if (!rc)
		rc = read_value(o, meaning, &x, fault);
	if (!rc)
		*ret = x;
	return rc;
}

static int try_row(const struct kl_sheet *sheet, void *data)
{
	struct kl_fault fault = {0};
	struct kl_observation x;

	(void)sheet;
	return read_row(data, &x, &fault);
}

/* ---- twice --------------------------------------------------------------------------------- */

static uint64_t hash_of(const struct kl_observation *x)
{
	char key[KL_METRIC_CODE_MAX + KL_OBSERVATION_COMPONENT_MAX + KL_WORDS_TEXT_MAX + 32];
	char place[KL_WORDS_TEXT_MAX + 1], period[KL_PERIOD_TEXT_MAX];
	uint64_t hash = UINT64_C(14695981039346656037);

	kl_words_fold(x->place, place);
	(void)snprintf(key, sizeof key, "%s|%s|%s|%s", x->code, x->component,
		kl_period_format(x->period, period), place);
	for (const char *c = key; *c; c++)
		hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
	return hash ? hash : 1;
}

static void put_seen(struct place *seen, size_t size, uint64_t hash, uint32_t line)
{
	size_t i = hash & (size - 1);

	while (seen[i].hash)
		i = (i + 1) & (size - 1);
	seen[i] = (struct place){hash, line};
}

static int grow_seen(struct kl_observations *o)
{
	size_t size = o->seen_size ? 2 * o->seen_size : 1024;
	struct place *seen;

	if (2 * o->n < o->seen_size)
		return KL_OK;
	seen = calloc(size, sizeof *seen);
	if (!seen)
		return KL_E_NOMEM;
	for (size_t i = 0; i < o->seen_size; i++)
		if (o->seen[i].hash)
			put_seen(seen, size, o->seen[i].hash, o->seen[i].line);
	free(o->seen);
	o->seen = seen;
	o->seen_size = size;
	return KL_OK;
}

static int note_seen(
	struct kl_observations *o, const struct kl_observation *x, struct kl_fault *fault)
{
	uint64_t hash = hash_of(x);
	char period[KL_PERIOD_TEXT_MAX];

	if (grow_seen(o))
		return kl_fault(fault, KL_E_NOMEM, "no memory for more rows");
	for (size_t i = hash & (o->seen_size - 1); o->seen[i].hash;
		i = (i + 1) & (o->seen_size - 1))
		if (o->seen[i].hash == hash) {
			kl_fault(fault, KL_E_MALFORMED,
				"%s, %s %u: %s for %s%s%s stands in %s %u already",
				kl_sheet_name(o->sheet), kl_sheet_word(o->sheet),
				(unsigned)kl_sheet_line(o->sheet),
				kl_sheet_cell(o->sheet, INDICATOR),
				kl_period_format(x->period, period), x->place[0] ? ", " : "",
				x->place, kl_sheet_word(o->sheet), (unsigned)o->seen[i].line);
			return kl_fault_hint(fault,
				"leave one of the two; another place or period is another row");
		}
	put_seen(o->seen, o->seen_size, hash, kl_sheet_line(o->sheet));
	return KL_OK;
}

/* ---- the file ------------------------------------------------------------------------------ */

static int keep_row(
	struct kl_observations *o, const struct kl_observation *x, struct kl_fault *fault)
{
	struct kl_bytes bytes;

	if (o->n == KL_OBSERVATIONS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "%s: more than %d observations",
			kl_sheet_name(o->sheet), KL_OBSERVATIONS_MAX);
	if (o->n == o->capacity) {
		size_t capacity = o->capacity ? 2 * o->capacity : 1024;
		size_t *ends = realloc(o->ends, capacity * sizeof *ends);

		if (!ends)
			return kl_fault(fault, KL_E_NOMEM, "no memory for more rows");
		o->ends = ends;
		o->capacity = capacity;
	}
	kl_doc_observation_encode(&o->rows, x);
	if (kl_writer_bytes(&o->rows, &bytes))
		return kl_fault(fault, KL_E_NOMEM, "no memory for more rows");
	o->ends[o->n++] = bytes.len;
	return KL_OK;
}

static int read_rows(struct kl_observations *o, struct kl_fault *fault)
{
	struct kl_observation x;
	int rc, next;

	while ((next = kl_sheet_next(o->sheet, fault)) == 1) {
		rc = read_row(o, &x, fault);
		if (rc == KL_E_MALFORMED)
			return kl_sheet_look_on(o->sheet, try_row, o, fault);
		if (rc)
			return rc;
		rc = note_seen(o, &x, fault);
		if (!rc)
			rc = keep_row(o, &x, fault);
		if (rc)
			return rc;
	}
	if (!next && !o->n)
		return kl_fault(fault, KL_E_MALFORMED, "%s: has no observations below its header",
			kl_sheet_name(o->sheet));
	return next;
}

int kl_observations_read(const char *path, const char *tab, kl_meaning_fn *meaning, void *arg,
	struct kl_fault *fault, struct kl_observations **ret_observations)
{
	struct kl_observations *o = calloc(1, sizeof *o);
	struct kl_fault own = {0};
	int rc;

	fault = fault ? fault : &own;
	if (!o)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	o->meaning = meaning;
	o->arg = arg;
	kl_writer_init(&o->rows);
	rc = kl_sheet_open(path, tab, columns, COLUMNS, fault, &o->sheet);
	if (!rc)
		rc = read_rows(o, fault);
	if (rc) {
		kl_observations_destroy(o);
		return rc;
	}
	*ret_observations = o;
	return KL_OK;
}

void kl_observations_destroy(struct kl_observations *observations)
{
	struct kl_observations *o = observations;

	if (!o)
		return;
	for (size_t i = 0; i < o->n_names; i++)
		free(o->names[i].name);
	free(o->names);
	free(o->seen);
	free(o->ends);
	kl_writer_deinit(&o->rows);
	kl_sheet_close(o->sheet);
	free(o);
}

size_t kl_observations_count(const struct kl_observations *observations)
{
	return observations->n;
}

size_t kl_observations_bytes(const struct kl_observations *observations)
{
	return observations->n ? observations->ends[observations->n - 1] : 0;
}

const struct kl_sheet *kl_observations_sheet(const struct kl_observations *observations)
{
	return observations->sheet;
}

int kl_observations_part(void *data, struct kl_writer *rows, struct kl_fault *fault)
{
	enum { HEAD = 8 }; /* of an array, more than it takes */
	struct kl_observations *o = data;
	size_t first = o->next, begin = first ? o->ends[first - 1] : 0;
	struct kl_bytes bytes;

	if (first == o->n)
		return 0;
	if (kl_writer_bytes(&o->rows, &bytes))
		return kl_fault(fault, KL_E_NOMEM, "no memory for the next part");
	while (o->next < o->n && o->ends[o->next] - begin <= KL_PART_MAX - HEAD)
		o->next++;
	kl_write_array(rows, o->next - first);
	kl_write_raw(rows, kl_bytes(bytes.data + begin, o->ends[o->next - 1] - begin));
	return 1;
}
