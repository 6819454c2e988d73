/* Inputs out of samples: a seed and a number always give the same one.
 *
 * Changes: bits and bytes flipped, cut short, a piece of another sample put in or over, a piece
 * doubled or taken out, random bytes put in, and what stands for a length or a count in msgpack
 * made another number. */
#ifndef KL_TESTS_FUZZ_MUTATE_H
#define KL_TESTS_FUZZ_MUTATE_H

#include "tests/fuzz/fuzz.h"

enum {
	FUZZ_SAMPLES_MAX = 256,
	FUZZ_INPUT_MAX = 256 << 10,
};

struct fuzz_corpus {
	size_t n;
	struct fuzz_piece {
		uint8_t *data;
		size_t len;
		bool valid; /* a sample, not just a seed */
	} pieces[FUZZ_SAMPLES_MAX];
};

/* Frees the samples. */
void fuzz_corpus_empty(struct fuzz_corpus *corpus);

/* Writes input number `round` of `seed` into `out`, FUZZ_INPUT_MAX bytes; returns its length. The
 * corpus has at least one piece. */
size_t fuzz_mutate(const struct fuzz_corpus *corpus, uint64_t seed, uint64_t round, uint8_t *out);

#endif
