#include "client/xlsx_strings.h"
#include "client/xlsx_value.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A string is <si><t>plain</t></si> or runs, <si><r><t>..</t></r><r>..</r></si>; <rPh> tells how it
 * is pronounced and is left out. */
enum { ELEMENTS_MAX = 8 * KL_XLSX_STRINGS_MAX };

struct reading {
	struct kl_xlsx_strings *strings;
	uint32_t elements;
	struct kl_fault *fault;
	bool in_string, in_text, in_sound;
};

/* Room for `more` bytes and a final zero. */
static int reserve(struct reading *r, size_t more)
{
	struct kl_xlsx_strings *s = r->strings;
	size_t size = s->size ? s->size : 4096;
	char *text;

	if (s->len + more + 1 > KL_XLSX_STRINGS_BYTES_MAX)
		return kl_fault(r->fault, KL_E_TOO_BIG, "holds more than %d MiB of text",
			KL_XLSX_STRINGS_BYTES_MAX >> 20);
	while (size < s->len + more + 1)
		size += size / 2;
	if (size == s->size)
		return KL_OK;
	text = realloc(s->text, size);
	if (!text)
		return kl_fault(r->fault, KL_E_NOMEM, "no memory for its text");
	s->text = text;
	s->size = size;
	return KL_OK;
}

static int begin_string(struct reading *r)
{
	struct kl_xlsx_strings *s = r->strings;
	uint32_t room = s->room ? s->room + s->room / 2 : 256;
	uint32_t *starts;

	if (s->count == KL_XLSX_STRINGS_MAX)
		return kl_fault(r->fault, KL_E_TOO_BIG, "holds more than %d different texts",
			KL_XLSX_STRINGS_MAX);
	if (s->count == s->room) {
		starts = realloc(s->starts, room * sizeof *starts);
		if (!starts)
			return kl_fault(r->fault, KL_E_NOMEM, "no memory for its text");
		s->starts = starts;
		s->room = room;
	}
	s->starts[s->count++] = (uint32_t)s->len;
	return reserve(r, 0);
}

static void end_string(struct kl_xlsx_strings *s)
{
	uint32_t start = s->starts[s->count - 1];

	s->text[s->len] = '\0';
	s->len = start + kl_xlsx_unescape(s->text + start) + 1;
}

static int on_start(void *data, const char *name, const char *const *attributes)
{
	struct reading *r = data;

	(void)attributes;
	if (++r->elements > ELEMENTS_MAX)
		return kl_fault(
			r->fault, KL_E_TOO_BIG, "holds more than %d parts of texts", ELEMENTS_MAX);
	if (!r->in_string && strcmp(name, "si") == 0) {
		r->in_string = true;
		return begin_string(r);
	}
	if (strcmp(name, "rPh") == 0)
		r->in_sound = true;
	r->in_text = r->in_string && !r->in_sound && strcmp(name, "t") == 0;
	return KL_OK;
}

static int on_end(void *data, const char *name)
{
	struct reading *r = data;

	r->in_text = false;
	if (strcmp(name, "rPh") == 0)
		r->in_sound = false;
	if (r->in_string && strcmp(name, "si") == 0) {
		r->in_string = r->in_sound = false;
		end_string(r->strings);
	}
	return KL_OK;
}

static int on_text(void *data, const char *text, size_t len)
{
	struct reading *r = data;
	struct kl_xlsx_strings *s = r->strings;
	int rc;

	if (!r->in_text)
		return KL_OK;
	if (s->len - s->starts[s->count - 1] + len > KL_XLSX_STRING_MAX)
		return kl_fault(r->fault, KL_E_TOO_BIG,
			"holds a cell with more than %d KiB of text", KL_XLSX_STRING_MAX >> 10);
	rc = reserve(r, len);
	if (rc)
		return rc;
	memcpy(s->text + s->len, text, len);
	s->len += len;
	return KL_OK;
}

int kl_xlsx_strings_read(struct kl_xlsx_strings *strings, const struct kl_xml_source *source,
	uint64_t max, struct kl_fault *fault)
{
	static const struct kl_xml_events events = {on_start, on_end, on_text};
	struct reading reading = {.strings = strings, .fault = fault};
	struct kl_xml *xml;
	int rc = kl_xml_new(source, &events, &reading, max, fault, &xml);

	if (rc)
		return rc;
	rc = kl_xml_run(xml, fault);
	kl_xml_free(xml);
	return rc;
}

void kl_xlsx_strings_deinit(struct kl_xlsx_strings *strings)
{
	free(strings->text);
	free(strings->starts);
	memset(strings, 0, sizeof *strings);
}

const char *kl_xlsx_string(const struct kl_xlsx_strings *strings, uint64_t index)
{
	return index < strings->count ? strings->text + strings->starts[index] : NULL;
}
