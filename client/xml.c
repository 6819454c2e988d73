#include "client/xml.h"

#include <expat.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 64 * 1024 };

struct kl_xml {
	XML_Parser parser;
	const struct kl_xml_source *source;
	const struct kl_xml_events *events;
	void *data;
	uint64_t left; /* bytes that may still come */
	unsigned depth;
	int code; /* why an event ended it */
	bool paused, doctype, too_deep, at_end, over;
};

/* ---- memory of the parser -------------------------------------------------------------------- */

/* Elements, attributes and names that a document makes up stay with the parser until its end, so what
 * it takes is counted. One table is read at a time, and the limit is for all together. */
union block {
	size_t size;
	max_align_t align;
};

static size_t taken;

static void *take(size_t size)
{
	union block *block;

	if (size > KL_XML_MEMORY_MAX || taken + size > KL_XML_MEMORY_MAX)
		return NULL;
	block = malloc(sizeof *block + size);
	if (!block)
		return NULL;
	block->size = size;
	taken += size;
	return block + 1;
}

static void give(void *memory)
{
	union block *block = memory;

	if (!memory)
		return;
	taken -= block[-1].size;
	free(block - 1);
}

static void *take_more(void *memory, size_t size)
{
	union block *block = memory;
	void *more;

	if (memory && !size) {
		give(memory);
		return NULL;
	}
	more = take(size);
	if (!memory || !more)
		return more;
	memcpy(more, memory, block[-1].size < size ? block[-1].size : size);
	give(memory);
	return more;
}

/* ---- events ---------------------------------------------------------------------------------- */

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static void stop(struct kl_xml *xml, int code)
{
	if (!xml->code)
		xml->code = code;
	(void)XML_StopParser(xml->parser, XML_FALSE);
}

static void on_start(void *data, const char *name, const char **attributes)
{
	struct kl_xml *xml = data;
	int rc;

	if (xml->code)
		return;
	if (++xml->depth > KL_XML_DEPTH_MAX) {
		xml->too_deep = true;
		stop(xml, KL_E_TOO_BIG);
		return;
	}
	rc = xml->events->start
		     ? xml->events->start(xml->data, local(name), (const char *const *)attributes)
		     : KL_OK;
	if (rc)
		stop(xml, rc);
}

static void on_end(void *data, const char *name)
{
	struct kl_xml *xml = data;
	int rc;

	if (xml->code)
		return;
	xml->depth--;
	rc = xml->events->end ? xml->events->end(xml->data, local(name)) : KL_OK;
	if (rc)
		stop(xml, rc);
}

static void on_text(void *data, const char *text, int len)
{
	struct kl_xml *xml = data;
	int rc = xml->code ? KL_OK : xml->events->text(xml->data, text, (size_t)len);

	if (rc)
		stop(xml, rc);
}

static void on_doctype(
	void *data, const char *name, const char *system, const char *public, int internal)
{
	struct kl_xml *xml = data;

	(void)name, (void)system, (void)public, (void)internal;
	xml->doctype = true;
	stop(xml, KL_E_MALFORMED);
}

void kl_xml_pause(struct kl_xml *xml)
{
	xml->paused = XML_StopParser(xml->parser, XML_TRUE) == XML_STATUS_OK;
}

const char *kl_xml_attribute(const char *const *attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(local(attributes[0]), name) == 0)
			return attributes[1];
	return NULL;
}

/* ---- reading --------------------------------------------------------------------------------- */

int kl_xml_new(const struct kl_xml_source *source, const struct kl_xml_events *events, void *data,
	uint64_t max, struct kl_fault *fault, struct kl_xml **ret_xml)
{
	static const XML_Memory_Handling_Suite memory = {take, take_more, give};
	struct kl_xml *xml = calloc(1, sizeof *xml);

	if (xml)
		xml->parser = XML_ParserCreate_MM(NULL, &memory, NULL);
	if (!xml || !xml->parser) {
		free(xml);
		return kl_fault(fault, KL_E_NOMEM, "no memory to read XML");
	}
	xml->source = source;
	xml->events = events;
	xml->data = data;
	xml->left = max;
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, on_start, on_end);
	if (events->text)
		XML_SetCharacterDataHandler(xml->parser, on_text);
	XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
	*ret_xml = xml;
	return KL_OK;
}

void kl_xml_free(struct kl_xml *xml)
{
	if (!xml)
		return;
	XML_ParserFree(xml->parser);
	free(xml);
}

static int needs_too_much(struct kl_fault *fault)
{
	return kl_fault(fault, KL_E_TOO_BIG,
		"its XML is not that of a table: elements nest too deep, or one is too long");
}

/* Why the parser stopped for good. */
static int explain(struct kl_xml *xml, struct kl_fault *fault)
{
	enum XML_Error error = XML_GetErrorCode(xml->parser);

	xml->over = true;
	if (xml->doctype)
		return kl_fault(fault, KL_E_MALFORMED,
			"its XML holds a DOCTYPE, which no spreadsheet program writes");
	if (xml->too_deep || error == XML_ERROR_NO_MEMORY ||
		error == XML_ERROR_AMPLIFICATION_LIMIT_BREACH)
		return needs_too_much(fault);
	if (xml->code)
		return xml->code;
	return kl_fault(fault, KL_E_MALFORMED, "its XML is damaged (line %lu: %s)",
		(unsigned long)XML_GetCurrentLineNumber(xml->parser), XML_ErrorString(error));
}

/* One piece of the source into the parser. */
static int feed(struct kl_xml *xml, struct kl_fault *fault, enum XML_Status *ret_status)
{
	void *buffer = XML_GetBuffer(xml->parser, PIECE);
	int64_t n;

	if (!buffer)
		return needs_too_much(fault);
	n = xml->source->read(xml->source->data, buffer, PIECE);
	if (n < 0)
		return kl_fault(fault, KL_E_MALFORMED, "is damaged or cut off");
	if ((uint64_t)n > xml->left)
		return kl_fault(fault, KL_E_TOO_BIG, "unpacks to more than a table may hold");
	xml->left -= (uint64_t)n;
	xml->at_end = n == 0;
	*ret_status = XML_ParseBuffer(xml->parser, (int)n, xml->at_end);
	return KL_OK;
}

int kl_xml_run(struct kl_xml *xml, struct kl_fault *fault)
{
	enum XML_Status status = XML_STATUS_OK;
	int rc;

	if (xml->over)
		return 0;
	if (xml->paused) {
		xml->paused = false;
		status = XML_ResumeParser(xml->parser);
	}
	for (;;) {
		if (status == XML_STATUS_ERROR)
			return explain(xml, fault);
		if (status == XML_STATUS_SUSPENDED)
			return 1;
		if (xml->at_end) {
			xml->over = true;
			return 0;
		}
		rc = feed(xml, fault, &status);
		if (rc) {
			xml->over = true;
			return rc;
		}
	}
}
