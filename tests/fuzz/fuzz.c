#include "tests/fuzz/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* There in every build with AddressSanitizer. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

void fuzz_fail(const char *condition, const char *file, int line)
{
	fflush(stdout);
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

bool fuzz_inside(const uint8_t *data, size_t len, struct kl_bytes view)
{
	if (!view.len)
		return true;
	return view.data >= data && view.len <= len && view.data <= data + (len - view.len);
}

void fuzz_same(const uint8_t *data, size_t len, const struct kl_writer *w)
{
	struct kl_bytes written;

	FUZZ_CHECK(kl_writer_bytes(w, &written) == 0);
	FUZZ_CHECK(written.len == len);
	FUZZ_CHECK(!len || !memcmp(written.data, data, len));
}

void fuzz_same_written(const struct kl_writer *a, const struct kl_writer *b)
{
	struct kl_bytes bytes;

	FUZZ_CHECK(kl_writer_bytes(a, &bytes) == 0);
	fuzz_same(bytes.data, bytes.len, b);
}

char *fuzz_text(const uint8_t *data, size_t len)
{
	size_t n = 0;
	char *text;

	while (n < len && data[n])
		n++;
	text = malloc(n + 1);
	if (!text)
		abort();
	if (n)
		memcpy(text, data, n);
	text[n] = '\0';
	return text;
}

size_t fuzz_allocated(void)
{
	return __sanitizer_get_current_allocated_bytes ? __sanitizer_get_current_allocated_bytes()
						       : 0;
}

uint8_t fuzz_u8(struct fuzz_script *script)
{
	struct kl_bytes one = fuzz_bytes(script, 1);

	return one.len ? one.data[0] : 0;
}

uint16_t fuzz_u16(struct fuzz_script *script)
{
	uint16_t low = fuzz_u8(script);

	return (uint16_t)(low | fuzz_u8(script) << 8);
}

struct kl_bytes fuzz_bytes(struct fuzz_script *script, size_t want)
{
	struct kl_bytes taken = kl_bytes(script->data, want < script->len ? want : script->len);

	if (taken.len) {
		script->data += taken.len;
		script->len -= taken.len;
	}
	return taken;
}

void fuzz_step(struct kl_writer *script, uint8_t step, uint8_t argument, struct kl_bytes bytes)
{
	uint8_t head[4] = {step, argument, (uint8_t)bytes.len, (uint8_t)(bytes.len >> 8)};

	kl_write_raw(script, kl_bytes(head, sizeof head));
	kl_write_raw(script, bytes);
}

void fuzz_sample_text(struct fuzz_corpus *corpus, const char *text)
{
	fuzz_sample(corpus, text, strlen(text));
}

void fuzz_seed_text(struct fuzz_corpus *corpus, const char *text)
{
	fuzz_seed(corpus, text, strlen(text));
}

void fuzz_sample_written(struct fuzz_corpus *corpus, struct kl_writer *w)
{
	struct kl_bytes bytes;

	FUZZ_CHECK(kl_writer_bytes(w, &bytes) == 0);
	fuzz_sample(corpus, bytes.data, bytes.len);
	kl_writer_reset(w);
}

int fuzz_stable(const uint8_t *data, size_t len, fuzz_pass_fn *pass)
{
	struct kl_writer first, second;
	struct kl_bytes written;
	int accepted = 0;

	kl_writer_init(&first);
	kl_writer_init(&second);
	if (!pass(kl_bytes(data, len), &first)) {
		FUZZ_CHECK(!kl_writer_bytes(&first, &written));
		FUZZ_CHECK(!pass(written, &second));
		fuzz_same_written(&first, &second);
		accepted = 1;
	}
	kl_writer_deinit(&first);
	kl_writer_deinit(&second);
	return accepted;
}
