#include "client/answer_words.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool ends_with(const char *text, size_t len, const char *ending)
{
	size_t n = strlen(ending);

	return len >= n && memcmp(text + len - n, ending, n) == 0;
}

enum kl_book_type kl_answer_type(const char *key, enum kl_book_type around)
{
	static const char *const values[] = {"low", "central", "high", "exact", "methods",
		"primary", "partly", "estimated", "value", "total", "local", "elsewhere", "unknown",
		"mean", "median", "q1", "q3"};
	size_t len = strlen(key);

	if (ends_with(key, len, "_pence") || strcmp(key, "pence") == 0)
		return KL_BOOK_POUNDS;
	if (ends_with(key, len, "share") || strcmp(key, "respent") == 0)
		return KL_BOOK_SHARE;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (strcmp(key, values[i]) == 0)
			return around;
	return KL_BOOK_NUMBER;
}

/* Words that are not written as the key has them. */
static const char *spelling(const char *word, size_t len)
{
	static const char *const words[][2] = {{"lm3", "LM3"}, {"gva", "GVA"}, {"fte", "FTE"},
		{"gss", "GSS"}, {"sic", "SIC"}, {"id", "ID"}, {"round1", "round 1"},
		{"round2", "round 2"}, {"round3", "round 3"}, {"q1", "first quartile"},
		{"q3", "third quartile"}, {"n", "number of members"}, {"pence", ""}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i][0]) == len && memcmp(words[i][0], word, len) == 0)
			return words[i][1];
	return NULL;
}

const char *kl_answer_label(const char *way, bool pounds, char out[KL_ANSWER_LABEL_MAX])
{
	size_t n = 0, room = KL_ANSWER_LABEL_MAX - 8;

	for (const char *at = way; *at;) {
		size_t len = strcspn(at, "_."), shown = len;
		const char *word = spelling(at, len);

		if (word)
			shown = strlen(word);
		if (shown && n + shown + 1 < room)
			n += (size_t)snprintf(out + n, room - n, "%s%.*s", n ? " " : "", (int)shown,
				word ? word : at);
		at += len + (at[len] != '\0');
	}
	out[n] = '\0';
	if (!n)
		n = (size_t)snprintf(out, room, "%s", pounds ? "amount" : "value");
	out[0] = (char)toupper((unsigned char)out[0]);
	if (pounds)
		strcpy(out + n, " (\xc2\xa3)");
	return out;
}
