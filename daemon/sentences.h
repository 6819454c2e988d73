/* Sentences for people, put together one after the other. */
#ifndef KL_DAEMON_SENTENCES_H
#define KL_DAEMON_SENTENCES_H

#include "protocol/wire.h"

enum { KL_SENTENCES_MAX = 32, KL_SENTENCE_MAX = 1024 };

struct kl_sentences {
	size_t count;
	char text[KL_SENTENCES_MAX][KL_SENTENCE_MAX];
};

/* Adds one sentence, which begins with a capital letter whatever it is given; what does not fit any more is
 * left out, between characters. */
void kl_sentence(struct kl_sentences *sentences, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "key": array of the sentences. */
void kl_put_sentences(struct kl_writer *w, const char *key, const struct kl_sentences *sentences);

#endif
