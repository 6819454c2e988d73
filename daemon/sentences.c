#include "daemon/sentences.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text that was cut ends with a whole character. */
static void mend(char *text)
{
	size_t len = strlen(text);

	if (len + 1 < KL_SENTENCE_MAX)
		return;
	while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
		len--;
	text[len > 0 ? len - 1 : 0] = '\0';
}

void kl_sentence(struct kl_sentences *sentences, const char *format, ...)
{
	char *text;
	va_list args;

	if (sentences->count == KL_SENTENCES_MAX)
		return;
	text = sentences->text[sentences->count++];
	va_start(args, format);
	(void)vsnprintf(text, KL_SENTENCE_MAX, format, args);
	va_end(args);
	mend(text);
	text[0] = (char)toupper((unsigned char)text[0]);
}

void kl_put_sentences(struct kl_writer *w, const char *key, const struct kl_sentences *sentences)
{
	kl_put_array(w, key, sentences->count);
	for (size_t i = 0; i < sentences->count; i++)
		kl_write_text(w, sentences->text[i]);
}
