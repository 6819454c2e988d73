#include "protocol/texts.h"
#include "core/harmless.h"
#include "protocol/wire.h"

#include <string.h>

enum { KEY_MAX = 64 };

/* `key` is that of the nearest map around. Depth is limited by the scan (wire.h). */
static int refuse(const struct kl_value *v, const char *key, struct kl_fault *fault)
{
	struct kl_cursor c = kl_cursor(v);
	struct kl_value item;
	char name[KEY_MAX];
	bool is_key = v->type == KL_WIRE_MAP;
	int rc = KL_OK;

	if (v->type == KL_WIRE_TEXT)
		return kl_text_refuse_harmful(v->u.bytes, true, key, fault);
	if (v->type != KL_WIRE_ARRAY && v->type != KL_WIRE_MAP)
		return KL_OK;
	(void)kl_copy_text(name, sizeof name, key);
	while (!rc && kl_cursor_next(&c, &item)) {
		if (is_key && kl_value_text(&item, name, sizeof name))
			(void)kl_copy_text(name, sizeof name, key);
		rc = refuse(&item, name, fault);
		is_key = v->type == KL_WIRE_MAP && !is_key;
	}
	return rc;
}

int kl_texts_refuse_harmful(struct kl_bytes payload, struct kl_fault *fault)
{
	struct kl_value value;

	return kl_value_open(payload, &value) ? KL_OK : refuse(&value, "the text", fault);
}
