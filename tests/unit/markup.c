#include "tests/unit/markup.h"
#include "tests/unit/harness.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>

void markup_is_whole(struct kl_bytes page)
{
	XML_Parser parser = XML_ParserCreate("UTF-8");

	assert_non_null(parser);
	if (XML_Parse(parser, (const char *)page.data, (int)page.len, XML_TRUE) != XML_STATUS_OK)
		fail_msg("line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(parser),
			XML_ErrorString(XML_GetErrorCode(parser)));
	XML_ParserFree(parser);
}

/* The next place of a text at or behind `at`; NULL for none. Pages end with a zero. */
static const char *next_place(struct kl_bytes page, const char *at, const char *text)
{
	const char *end = (const char *)page.data + page.len;
	const char *found = at < end ? strstr(at, text) : NULL;

	return found && found < end ? found : NULL;
}

size_t markup_count(struct kl_bytes page, const char *text)
{
	const char *at = (const char *)page.data;
	size_t n = 0;

	while ((at = next_place(page, at, text))) {
		n++;
		at += strlen(text);
	}
	return n;
}

size_t markup_elements(struct kl_bytes page, const char *tag, const char *class_name)
{
	char begin[128];

	snprintf(begin, sizeof begin, "<%s class=\"%s\"", tag, class_name);
	return markup_count(page, begin);
}

double markup_number(struct kl_bytes page, const char *tag, const char *class_name, size_t index,
	const char *attribute)
{
	const char *at = (const char *)page.data - 1;
	char begin[128], name[64];

	snprintf(begin, sizeof begin, "<%s class=\"%s\"", tag, class_name);
	snprintf(name, sizeof name, " %s=\"", attribute);
	for (size_t i = 0; i <= index; i++) {
		at = next_place(page, at + 1, begin);
		if (!at)
			fail_msg(
				"there is no <%s class=\"%s\"> number %zu", tag, class_name, index);
	}
	at = strstr(at, name);
	assert_non_null(at);
	return strtod(at + strlen(name), NULL);
}
