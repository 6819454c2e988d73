/* The arguments of a request, put together pair by pair without counting them first.
 *
 *     struct kl_pack pack;
 *     struct kl_bytes args;
 *
 *     kl_pack_init(&pack);
 *     kl_pack_text(&pack, "name", cli->args.operands[0]);
 *     kl_pack_text(&pack, "area", kl_args_option(&cli->args, "area"));   (NULL: leaves it out)
 *     rc = kl_pack_bytes(&pack, &args);
 *     ...
 *     kl_pack_deinit(&pack); */
#ifndef KL_CLIENT_PACK_H
#define KL_CLIENT_PACK_H

#include "core/bytes.h"
#include "protocol/wire.h"

#include <stddef.h>
#include <stdint.h>

struct kl_pack {
	struct kl_writer pairs, whole;
	size_t count;
};

void kl_pack_init(struct kl_pack *pack);
void kl_pack_deinit(struct kl_pack *pack);

void kl_pack_text(struct kl_pack *pack, const char *key, const char *text); /* NULL: nothing */
void kl_pack_int(struct kl_pack *pack, const char *key, int64_t value);
void kl_pack_double(struct kl_pack *pack, const char *key, double value);
void kl_pack_bool(struct kl_pack *pack, const char *key, bool value);

/* A key whose value, exactly one, the caller writes next into the writer that is returned. */
struct kl_writer *kl_pack_value(struct kl_pack *pack, const char *key);

/* The map, valid until the pack is changed or deinitialised. KL_E_NOMEM. */
int kl_pack_bytes(struct kl_pack *pack, struct kl_bytes *ret_bytes);

#endif
