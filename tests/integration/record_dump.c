/* Writes feeds of several authors to a file, for a reader in another language: records of many
 * kinds and sizes, some without their own signature, some erased.
 *
 *     record_dump FILE        prints the network id */
#include "core/error.h"
#include "protocol/record.h"

#include <stdio.h>
#include <string.h>

enum { AUTHORS = 3, RECORDS = 40 };

/* Every fifth record lives by the signature of the next, every seventh has lost its payload. */
static int write_feed(FILE *out, const struct kl_author *author)
{
	static uint8_t payload[KL_PAYLOAD_MAX];
	struct kl_head head = {0, {{0}}};
	struct kl_writer w;
	int rc = KL_OK;

	kl_writer_init(&w);
	for (unsigned i = 0; i < RECORDS && !rc; i++) {
		struct kl_record_memory memory;
		struct kl_record record;
		struct kl_bytes bytes;
		size_t len = i == 20 ? sizeof payload : i * 37 % 500;

		memset(payload, (int)i, len);
		rc = kl_record_make(author, &head, 1 + i % 70, UINT64_C(1700000000000) + i,
			kl_bytes(payload, len), &memory, &record);
		if (rc)
			break;
		head = (struct kl_head){record.h.seq, record.id};
		if (i % 5 == 3)
			record.signature = (struct kl_bytes){0};
		record.erased = i % 7 == 6;
		kl_record_write(&w, &record);
		rc = kl_writer_bytes(&w, &bytes);
		if (!rc && fwrite(bytes.data, 1, bytes.len, out) != bytes.len)
			rc = KL_E_IO;
		kl_writer_reset(&w);
	}
	kl_writer_deinit(&w);
	return rc;
}

int main(int argc, char **argv)
{
	struct kl_id network = {{0}};
	char hex[KL_ID_HEX_MAX];
	FILE *out = argc == 2 ? fopen(argv[1], "wb") : NULL;
	int rc = out ? KL_OK : KL_E_IO;

	for (unsigned i = 0; i < AUTHORS && !rc; i++) {
		uint8_t seed[KL_SEED_BYTES] = {(uint8_t)i, 5};
		struct kl_sign_keys keys;
		struct kl_author author = {.keys = &keys};

		kl_sign_keys_from_seed(seed, &keys);
		if (!i)
			kl_network_id(&keys.public_key, "Dump", (const uint8_t *)"fedcba9876543210",
				&network);
		author.network = network;
		author.feed = (struct kl_feed_key){keys.public_key, i * 300};
		rc = write_feed(out, &author);
	}
	if (out && fclose(out))
		rc = KL_E_IO;
	if (rc) {
		fprintf(stderr, "record_dump: %s\n", kl_error_text(rc));
		return 1;
	}
	kl_hex(network.b, sizeof network.b, hex);
	puts(hex);
	return 0;
}
