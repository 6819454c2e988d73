#include "protocol/here.h"
#include "core/hash.h"

#include <string.h>

bool kl_run_id_equal(const struct kl_run_id *a, const struct kl_run_id *b)
{
	return !memcmp(a->b, b->b, KL_RUN_ID_BYTES);
}

static void said(const struct kl_id *network, const struct kl_here *here, struct kl_id *ret_hash)
{
	struct kl_hash hash;

	kl_hash_init(&hash, "KL1/here");
	kl_hash_add_id(&hash, network);
	kl_hash_add_id(&hash, &here->feed.author);
	kl_hash_add_u32(&hash, here->feed.epoch);
	kl_hash_add(&hash, kl_bytes(here->run.b, KL_RUN_ID_BYTES));
	kl_hash_add(&hash, kl_bytes(here->echo.b, KL_RUN_ID_BYTES));
	kl_hash_add_u64(&hash, here->chosen);
	kl_hash_final(&hash, ret_hash);
}

void kl_here_sign(
	const struct kl_id *network, const struct kl_sign_keys *keys, struct kl_here *here)
{
	struct kl_id hash;

	said(network, here, &hash);
	kl_sign(keys, kl_id_bytes(&hash), here->signature);
}

int kl_here_check(const struct kl_id *network, const struct kl_id *key, const struct kl_here *here)
{
	struct kl_id hash;

	said(network, here, &hash);
	return kl_verify(key, kl_id_bytes(&hash), here->signature);
}
