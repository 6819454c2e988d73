#include "protocol/doc.h"
#include "core/error.h"

#include <string.h>

int kl_doc_open(struct kl_bytes bytes, uint64_t version, uint32_t keys, struct kl_value *ret_map)
{
	struct kl_value map;
	uint64_t v;
	int rc = kl_value_open(bytes, &map);

	if (rc)
		return rc;
	if (kl_get_uint(&map, "v", UINT64_MAX, &v))
		return KL_E_MALFORMED;
	if (v != version)
		return KL_E_VERSION;
	if (keys && map.count != keys)
		return KL_E_MALFORMED;
	*ret_map = map;
	return KL_OK;
}

int kl_doc_strict(int rc)
{
	return rc == KL_E_NOT_FOUND ? KL_E_MALFORMED : rc;
}

int kl_doc_line(const struct kl_value *map, const char *key, char *out, size_t size)
{
	int rc = kl_get_text(map, key, out, size);

	if (rc)
		return rc;
	return out[0] && !strchr(out, '\n') ? KL_OK : KL_E_MALFORMED;
}

void kl_doc_put_period(struct kl_writer *w, struct kl_period period)
{
	char text[KL_PERIOD_TEXT_MAX];

	kl_put_text(w, "period", kl_period_format(period, text));
}

int kl_doc_period(const struct kl_value *map, struct kl_period *ret_period)
{
	char text[KL_PERIOD_TEXT_MAX], canonical[KL_PERIOD_TEXT_MAX];
	struct kl_period period;
	int rc = kl_get_text(map, "period", text, sizeof text);

	if (rc)
		return rc;
	if (kl_period_parse(text, &period) ||
		strcmp(kl_period_format(period, canonical), text) != 0)
		return KL_E_MALFORMED;
	*ret_period = period;
	return KL_OK;
}

void kl_doc_put_optional(struct kl_writer *w, const char *key, const char *text)
{
	kl_put_text(w, key, *text ? text : NULL);
}

int kl_doc_optional(const struct kl_value *map, const char *key, char *out, size_t size)
{
	return kl_get_text_or(map, key, "", out, size);
}

int kl_doc_same(struct kl_bytes bytes, const struct kl_writer *again, const char *what,
	struct kl_fault *fault)
{
	struct kl_bytes written;
	int rc = kl_writer_bytes(again, &written);

	if (rc)
		return kl_doc_fault(fault, rc, what);
	if (!kl_bytes_equal(written, bytes))
		return kl_fault(fault, KL_E_MALFORMED, "%s is not in its one proper form", what);
	return KL_OK;
}

int kl_doc_fault(struct kl_fault *fault, int code, const char *what)
{
	kl_fault(fault, code, "%s cannot be read: %s", what, kl_error_text(code));
	if (code == KL_E_VERSION)
		(void)kl_fault_hint(fault, "read it with the version of keeplocal that wrote it");
	return code;
}
