#include "tests/fuzz/mutate.h"

#include <stdlib.h>
#include <string.h>

/* ---- the corpus ---------------------------------------------------------------------------- */

static void keep(struct fuzz_corpus *corpus, const void *data, size_t len, bool valid)
{
	struct fuzz_piece *piece = &corpus->pieces[corpus->n];

	FUZZ_CHECK(corpus->n < FUZZ_SAMPLES_MAX && len <= FUZZ_INPUT_MAX);
	piece->data = malloc(len ? len : 1);
	FUZZ_CHECK(piece->data);
	if (len)
		memcpy(piece->data, data, len);
	piece->len = len;
	piece->valid = valid;
	corpus->n++;
}

void fuzz_sample(struct fuzz_corpus *corpus, const void *data, size_t len)
{
	keep(corpus, data, len, true);
}

void fuzz_seed(struct fuzz_corpus *corpus, const void *data, size_t len)
{
	keep(corpus, data, len, false);
}

void fuzz_corpus_empty(struct fuzz_corpus *corpus)
{
	for (size_t i = 0; i < corpus->n; i++)
		free(corpus->pieces[i].data);
	corpus->n = 0;
}

/* ---- chance -------------------------------------------------------------------------------- */

/* splitmix64 (Steele, Lea, Flood 2014): any seed is a good one. */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t n)
{
	return n ? (size_t)(next(state) % n) : 0;
}

/* Small more often than large. */
static size_t length(uint64_t *state, size_t max)
{
	return below(state, below(state, max + 1) + 1);
}

/* ---- changes ------------------------------------------------------------------------------- */

struct input {
	uint8_t *data;
	size_t len;
	uint64_t *chance;
	const struct fuzz_corpus *corpus;
};

static void flip_bit(struct input *in)
{
	if (in->len)
		in->data[below(in->chance, in->len)] ^= (uint8_t)(1u << below(in->chance, 8));
}

/* Values that stand at edges: of numbers, of ASCII, and the marks of msgpack. */
static void set_byte(struct input *in)
{
	static const uint8_t edges[] = {0x00, 0x01, 0x0a, 0x0d, '"', ',', '-', '.', '0', '9', 'A',
		0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc6, 0xc7,
		0xca, 0xcb, 0xcc, 0xcf, 0xd0, 0xd3, 0xd4, 0xd9, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0,
		0xed, 0xf4, 0xff};

	if (in->len)
		in->data[below(in->chance, in->len)] = edges[below(in->chance, sizeof edges)];
}

static void cut_short(struct input *in)
{
	in->len = below(in->chance, in->len + 1);
}

static void take_out(struct input *in)
{
	size_t at = below(in->chance, in->len + 1), n = length(in->chance, in->len - at);

	memmove(in->data + at, in->data + at + n, in->len - at - n);
	in->len -= n;
}

static void put_in(struct input *in, size_t at, const uint8_t *piece, size_t n)
{
	if (n > FUZZ_INPUT_MAX - in->len)
		return;
	memmove(in->data + at + n, in->data + at, in->len - at);
	if (n)
		memcpy(in->data + at, piece, n);
	in->len += n;
}

static void put_in_noise(struct input *in)
{
	uint8_t noise[16];
	size_t n = 1 + below(in->chance, sizeof noise);

	for (size_t i = 0; i < n; i++)
		noise[i] = (uint8_t)next(in->chance);
	put_in(in, below(in->chance, in->len + 1), noise, n);
}

/* A piece of some sample, put in or written over what is there. */
static void splice(struct input *in)
{
	const struct fuzz_piece *other = &in->corpus->pieces[below(in->chance, in->corpus->n)];
	size_t from = below(in->chance, other->len + 1);
	size_t n = length(in->chance, other->len - from);
	size_t at = below(in->chance, in->len + 1);

	if (below(in->chance, 2))
		put_in(in, at, other->data + from, n);
	else if (n && n <= in->len - at)
		memcpy(in->data + at, other->data + from, n);
}

static void duplicate(struct input *in)
{
	size_t at = below(in->chance, in->len + 1), n = length(in->chance, in->len - at);
	uint8_t *copy = malloc(n ? n : 1);

	FUZZ_CHECK(copy);
	if (n)
		memcpy(copy, in->data + at, n);
	put_in(in, at, copy, n);
	free(copy);
}

/* Changes a byte that is likely to say how long something is, or the numbers behind it. */
static void change_length(struct input *in)
{
	size_t at = below(in->chance, in->len + 1), tries = 64;

	for (; tries && at < in->len; at++, tries--) {
		uint8_t *byte = &in->data[at];
		size_t behind = in->len - at - 1;

		if (*byte >= 0x80 && *byte < 0xc0) {
			*byte = (uint8_t)(*byte + (below(in->chance, 2) ? 1 : -1));
			return;
		}
		if ((*byte >= 0xc4 && *byte <= 0xc6) || *byte >= 0xd9) {
			for (size_t i = 1; i <= behind && i <= 4; i++)
				if (below(in->chance, 2))
					byte[i] = (uint8_t)next(in->chance);
			return;
		}
	}
}

size_t fuzz_mutate(const struct fuzz_corpus *corpus, uint64_t seed, uint64_t round, uint8_t *out)
{
	static void (*const changes[])(struct input *) = {flip_bit, flip_bit, set_byte, set_byte,
		cut_short, take_out, put_in_noise, splice, splice, duplicate, change_length};
	uint64_t chance = seed * UINT64_C(0xd1342543de82ef95) + round;
	const struct fuzz_piece *begin = &corpus->pieces[below(&chance, corpus->n)];
	struct input in = {out, begin->len, &chance, corpus};

	if (begin->len)
		memcpy(out, begin->data, begin->len);
	for (size_t n = 1 + below(&chance, 4); n; n--)
		changes[below(&chance, sizeof changes / sizeof *changes)](&in);
	return in.len;
}
