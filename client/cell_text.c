#include "client/cell_text.h"
#include "core/harmless.h"

#include <stddef.h>
#include <string.h>

static size_t blank_at(const char *at)
{
	if (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
		return 1;
	return (unsigned char)at[0] == 0xc2 && (unsigned char)at[1] == 0xa0
		       ? 2
		       : 0; /* no-break space */
}

char *kl_cell_tidy(char *text)
{
	char *end, *to;

	kl_text_drop_unseen(text);
	while (blank_at(text))
		text += blank_at(text);
	end = text + strlen(text);
	while (end > text && (blank_at(end - 1) == 1 || (end > text + 1 && blank_at(end - 2) == 2)))
		end -= blank_at(end - 1) == 1 ? 1 : 2;
	*end = '\0';
	to = text;
	for (const char *at = text; *at; at++) {
		if (*at == '\r' && at[1] == '\n')
			continue;
		*to++ = *at == '\r' ? '\n' : *at == '\t' ? ' ' : *at;
	}
	*to = '\0';
	return text[0] == '\'' && text[1] && strchr("=+-@", text[1]) ? text + 1 : text;
}

const char *kl_column_letters(unsigned column, char out[KL_COLUMN_LETTERS_MAX])
{
	char backwards[KL_COLUMN_LETTERS_MAX];
	size_t n = 0;

	for (unsigned rest = column + 1; rest && n + 1 < sizeof backwards; rest = (rest - 1) / 26)
		backwards[n++] = (char)('A' + (rest - 1) % 26);
	for (size_t i = 0; i < n; i++)
		out[i] = backwards[n - 1 - i];
	out[n] = '\0';
	return out;
}
