/* What the targets of the fuzzers are made of.
 *
 * target    a function that any bytes may be given to. It decodes them and holds what came out
 *           against properties: it is not enough not to crash. Returns 1 if the bytes were
 *           accepted, 0 if they were refused
 * sample    valid bytes, written by the encoder itself: the target must accept them
 * seed      bytes to start from that need not be valid
 * script    bytes that are read as a list of steps, for machines: see struct fuzz_script
 *
 * One file for each family of decoders; targets.def is the table of all targets. The same functions
 * run under our own driver (driver.c) and under libFuzzer (libfuzzer.c). */
#ifndef KL_TESTS_FUZZ_FUZZ_H
#define KL_TESTS_FUZZ_FUZZ_H

#include "core/bytes.h"
#include "protocol/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fuzz_corpus;

struct fuzz_target {
	const char *name;
	unsigned rounds; /* mutated inputs in one run of the tests */
	void (*samples)(struct fuzz_corpus *corpus);
	int (*one)(const uint8_t *data, size_t len);
};

#define TARGET(name, rounds)                                                                       \
	void kl_fuzz_samples_##name(struct fuzz_corpus *corpus);                                   \
	int kl_fuzz_##name(const uint8_t *data, size_t len);
#include "tests/fuzz/targets.def"
#undef TARGET

/* ---- for samples --------------------------------------------------------------------------- */

void fuzz_sample(struct fuzz_corpus *corpus, const void *data, size_t len);
void fuzz_sample_text(struct fuzz_corpus *corpus, const char *text);
void fuzz_seed(struct fuzz_corpus *corpus, const void *data, size_t len);
void fuzz_seed_text(struct fuzz_corpus *corpus, const char *text);

/* Keeps what was written as a sample, and empties the writer for the next one. */
void fuzz_sample_written(struct fuzz_corpus *corpus, struct kl_writer *w);

/* ---- for targets --------------------------------------------------------------------------- */

/* Ends the program with a message if a property does not hold. */
#define FUZZ_CHECK(condition)                                                                      \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fuzz_fail(#condition, __FILE__, __LINE__);                                 \
	} while (0)

_Noreturn void fuzz_fail(const char *condition, const char *file, int line);

/* Whether a view lies inside the input; an empty one may be anywhere. */
bool fuzz_inside(const uint8_t *data, size_t len, struct kl_bytes view);

/* Ends the program unless the writer holds exactly these bytes. */
void fuzz_same(const uint8_t *data, size_t len, const struct kl_writer *w);
void fuzz_same_written(const struct kl_writer *a, const struct kl_writer *b);

/* The bytes up to their first zero as a string on the heap. */
char *fuzz_text(const uint8_t *data, size_t len);

/* Bytes on the heap at this moment; 0 in a build without AddressSanitizer. */
size_t fuzz_allocated(void);

/* Steps out of an input: what is missing at its end reads as zero. */
struct fuzz_script {
	const uint8_t *data;
	size_t len;
};

uint8_t fuzz_u8(struct fuzz_script *script);
uint16_t fuzz_u16(struct fuzz_script *script);

/* At most `want` bytes, fewer at the end; a view on the input. */
struct kl_bytes fuzz_bytes(struct fuzz_script *script, size_t want);

/* Writes one step of a script: number, argument, and bytes with their length before them. */
void fuzz_step(struct kl_writer *script, uint8_t step, uint8_t argument, struct kl_bytes bytes);

#endif
