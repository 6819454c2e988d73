#include "client/xlsx_styles.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct format {
	unsigned long id;
	enum kl_xlsx_look look;
};

/* <numFmts> names formats; <cellXfs> holds the styles, each with the number of its format. */
struct reading {
	struct kl_xlsx_styles *styles;
	struct kl_fault *fault;
	bool in_styles;
	unsigned format_count;
	struct format formats[KL_XLSX_FORMATS_MAX];
};

static int add_format(struct reading *r, const char *const *attributes)
{
	const char *id = kl_xml_attribute(attributes, "numFmtId");
	const char *code = kl_xml_attribute(attributes, "formatCode");

	if (!id || !code)
		return KL_OK;
	if (r->format_count == KL_XLSX_FORMATS_MAX)
		return kl_fault(r->fault, KL_E_TOO_BIG, "has more than %d formats of numbers",
			KL_XLSX_FORMATS_MAX);
	r->formats[r->format_count++] =
		(struct format){strtoul(id, NULL, 10), kl_xlsx_look_of_format(code)};
	return KL_OK;
}

static enum kl_xlsx_look look_of(const struct reading *r, const char *id)
{
	unsigned long wanted = id ? strtoul(id, NULL, 10) : 0;

	for (unsigned i = 0; i < r->format_count; i++)
		if (r->formats[i].id == wanted)
			return r->formats[i].look;
	return wanted <= UINT16_MAX ? kl_xlsx_look_of_id((unsigned)wanted) : KL_XLSX_NUMBER;
}

static int add_style(struct reading *r, const char *const *attributes)
{
	struct kl_xlsx_styles *s = r->styles;

	if (!s->looks)
		s->looks = malloc(KL_XLSX_STYLES_MAX);
	if (!s->looks)
		return kl_fault(r->fault, KL_E_NOMEM, "no memory for its styles");
	if (s->count == KL_XLSX_STYLES_MAX)
		return kl_fault(
			r->fault, KL_E_TOO_BIG, "has more than %d styles", KL_XLSX_STYLES_MAX);
	s->looks[s->count++] = (uint8_t)look_of(r, kl_xml_attribute(attributes, "numFmtId"));
	return KL_OK;
}

static int on_start(void *data, const char *name, const char *const *attributes)
{
	struct reading *r = data;

	if (strcmp(name, "cellXfs") == 0)
		r->in_styles = true;
	else if (strcmp(name, "numFmt") == 0)
		return add_format(r, attributes);
	else if (r->in_styles && strcmp(name, "xf") == 0)
		return add_style(r, attributes);
	return KL_OK;
}

static int on_end(void *data, const char *name)
{
	struct reading *r = data;

	if (strcmp(name, "cellXfs") == 0)
		r->in_styles = false;
	return KL_OK;
}

int kl_xlsx_styles_read(struct kl_xlsx_styles *styles, const struct kl_xml_source *source,
	uint64_t max, struct kl_fault *fault)
{
	static const struct kl_xml_events events = {on_start, on_end, NULL};
	struct reading *reading = calloc(1, sizeof *reading);
	struct kl_xml *xml;
	int rc;

	if (!reading)
		return kl_fault(fault, KL_E_NOMEM, "no memory for its styles");
	reading->styles = styles;
	reading->fault = fault;
	rc = kl_xml_new(source, &events, reading, max, fault, &xml);
	if (!rc) {
		rc = kl_xml_run(xml, fault);
		kl_xml_free(xml);
	}
	free(reading);
	return rc;
}

void kl_xlsx_styles_deinit(struct kl_xlsx_styles *styles)
{
	free(styles->looks);
	memset(styles, 0, sizeof *styles);
}

enum kl_xlsx_look kl_xlsx_look(const struct kl_xlsx_styles *styles, uint64_t style)
{
	return style < styles->count ? (enum kl_xlsx_look)styles->looks[style] : KL_XLSX_NUMBER;
}
