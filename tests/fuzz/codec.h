/* Bodies of targets that are all alike: a decoder and its encoder. */
#ifndef KL_TESTS_FUZZ_CODEC_H
#define KL_TESTS_FUZZ_CODEC_H

#include "tests/fuzz/fuzz.h"

/* What is accepted must be exactly what the encoder writes. `read` and `write` are expressions over
 * `bytes`, `x` and `w`; `end` frees x. */
#define FUZZ_CANONICAL(name, type, read, write, end)                                               \
	int kl_fuzz_##name(const uint8_t *data, size_t len)                                        \
	{                                                                                          \
		struct kl_bytes bytes = kl_bytes(data, len);                                       \
		struct kl_writer writer, *w = &writer;                                             \
		type x;                                                                            \
                                                                                                   \
		if (read)                                                                          \
			return 0;                                                                  \
		kl_writer_init(w);                                                                 \
		write;                                                                             \
		fuzz_same(data, len, w);                                                           \
		kl_writer_deinit(w);                                                               \
		end;                                                                               \
		return 1;                                                                          \
	}

/* One pass: reads, and writes again into the empty writer. Negative if the bytes are refused. */
typedef int fuzz_pass_fn(struct kl_bytes bytes, struct kl_writer *w);

/* For a target whose decoder accepts longer forms: what is accepted and written must be read again
 * and then be written the same. */
int fuzz_stable(const uint8_t *data, size_t len, fuzz_pass_fn *pass);

#define FUZZ_STABLE(name, type, read, write, end)                                                  \
	static int pass_##name(struct kl_bytes bytes, struct kl_writer *w)                         \
	{                                                                                          \
		type x;                                                                            \
                                                                                                   \
		if (read)                                                                          \
			return -1;                                                                 \
		write;                                                                             \
		end;                                                                               \
		return 0;                                                                          \
	}                                                                                          \
                                                                                                   \
	int kl_fuzz_##name(const uint8_t *data, size_t len)                                        \
	{                                                                                          \
		return fuzz_stable(data, len, pass_##name);                                        \
	}

#endif
