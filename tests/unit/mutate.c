#include "tests/unit/mutate.h"

#include <string.h>

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

size_t mutate(uint32_t seed, const uint8_t *data, size_t len, uint8_t *out)
{
	/* marks of msgpack that turn one kind of value into another */
	static const uint8_t marks[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc3,
		0xc4, 0xca, 0xcb, 0xcc, 0xcf, 0xd0, 0xd3, 0xd9, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xff};
	uint32_t state = seed * 2654435761u;
	uint32_t changes = next(&state) % 5;

	memcpy(out, data, len);
	if (!len)
		return 0;
	if (next(&state) % 8 == 0)
		return next(&state) % len;
	for (uint32_t i = 0; i < changes; i++) {
		uint8_t *byte = &out[next(&state) % len];

		if (next(&state) % 2)
			*byte = marks[next(&state) % sizeof marks];
		else
			*byte ^= (uint8_t)(1u << next(&state) % 8);
	}
	return len;
}
