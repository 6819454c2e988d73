#include "client/pack.h"
#include "core/error.h"

void kl_pack_init(struct kl_pack *pack)
{
	kl_writer_init(&pack->pairs);
	kl_writer_init(&pack->whole);
	pack->count = 0;
}

void kl_pack_deinit(struct kl_pack *pack)
{
	if (!pack)
		return;
	kl_writer_deinit(&pack->pairs);
	kl_writer_deinit(&pack->whole);
}

struct kl_writer *kl_pack_value(struct kl_pack *pack, const char *key)
{
	pack->count++;
	kl_write_text(&pack->pairs, key);
	return &pack->pairs;
}

void kl_pack_text(struct kl_pack *pack, const char *key, const char *text)
{
	if (text)
		kl_write_text(kl_pack_value(pack, key), text);
}

void kl_pack_int(struct kl_pack *pack, const char *key, int64_t value)
{
	kl_write_int(kl_pack_value(pack, key), value);
}

void kl_pack_double(struct kl_pack *pack, const char *key, double value)
{
	kl_write_double(kl_pack_value(pack, key), value);
}

void kl_pack_bool(struct kl_pack *pack, const char *key, bool value)
{
	kl_write_bool(kl_pack_value(pack, key), value);
}

int kl_pack_bytes(struct kl_pack *pack, struct kl_bytes *ret_bytes)
{
	struct kl_bytes pairs;
	int rc = kl_writer_bytes(&pack->pairs, &pairs);

	if (rc)
		return rc;
	kl_writer_reset(&pack->whole);
	kl_write_map(&pack->whole, pack->count);
	kl_write_raw(&pack->whole, pairs);
	return kl_writer_bytes(&pack->whole, ret_bytes);
}
