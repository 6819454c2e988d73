#include "daemon/own_factors.h"
#include "store/documents.h"

#include <stdlib.h>

#define KIND    "factor table"
#define IN_USE  "in use"
#define DENSITY "density"
#define GVA     "gva"

static int unreadable(struct kl_fault *fault, int rc)
{
	return kl_fault(fault, rc, "the factor tables cannot be read: %s", kl_error_text(rc));
}

/* ---- reading ------------------------------------------------------------------------------- */

int kl_own_factors_in_use(
	struct kl_node *node, struct kl_factors_in_use *ret_in_use, struct kl_fault *fault)
{
	struct kl_factors_in_use in_use = {.density = 0};
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, KIND, IN_USE, 0, &bytes, &len, NULL);

	if (!rc) {
		rc = kl_doc_in_use_decode(kl_bytes(bytes, len), &in_use);
		free(bytes);
	}
	if (rc && rc != KL_E_NOT_FOUND)
		return unreadable(fault, rc);
	*ret_in_use = in_use;
	return KL_OK;
}

static int get(struct kl_node *node, const char *name, uint32_t version, uint8_t **ret_bytes,
	size_t *ret_len, struct kl_fault *fault)
{
	int rc = version ? kl_document_get(
				   node->store, KIND, name, version, ret_bytes, ret_len, NULL)
			 : KL_E_NOT_FOUND;

	if (rc == KL_E_NOT_FOUND) {
		kl_fault(fault, rc, "there is no version %u of your own %s table", version, name);
		(void)kl_fault_hint(fault, "keeplocal enabled factors lists them");
	} else if (rc) {
		(void)unreadable(fault, rc);
	}
	return rc;
}

int kl_own_density(struct kl_node *node, uint32_t version, struct kl_density_table *ret_table,
	struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = get(node, DENSITY, version, &bytes, &len, fault);

	if (rc)
		return rc;
	rc = kl_doc_density_decode(kl_bytes(bytes, len), ret_table);
	free(bytes);
	if (rc)
		return unreadable(fault, rc);
	ret_table->about.version = version;
	return KL_OK;
}

int kl_own_gva(struct kl_node *node, uint32_t version, struct kl_gva_table *ret_table,
	struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = get(node, GVA, version, &bytes, &len, fault);

	if (rc)
		return rc;
	rc = kl_doc_gva_decode(kl_bytes(bytes, len), ret_table);
	free(bytes);
	if (rc)
		return unreadable(fault, rc);
	ret_table->about.version = version;
	return KL_OK;
}

int kl_program_factors(struct kl_ask *ask, struct kl_factors *ret_factors)
{
	struct kl_bytes bytes;
	int rc = kl_get_bin(&ask->args, "factors", &bytes);

	if (!rc)
		rc = kl_doc_factors_decode(bytes, ret_factors);
	if (rc)
		return kl_fault(&ask->fault, rc == KL_E_NOT_FOUND ? KL_E_USAGE : rc,
			"the factor tables that came with the request cannot be read");
	return KL_OK;
}

int kl_own_factors_asked(struct kl_node *node, struct kl_ask *ask, struct kl_factors *ret_factors)
{
	struct kl_factors_in_use in_use = {.density = 0};
	int rc = kl_program_factors(ask, ret_factors);

	if (!rc)
		rc = kl_own_factors_in_use(node, &in_use, &ask->fault);
	if (!rc && in_use.density)
		rc = kl_own_density(node, in_use.density, &ret_factors->density, &ask->fault);
	if (!rc && in_use.gva)
		rc = kl_own_gva(node, in_use.gva, &ret_factors->gva, &ask->fault);
	if (!rc)
		ret_factors->ratio = in_use.ratio;
	return rc;
}

struct walk {
	bool gva;
	kl_own_factors_fn *visit;
	void *arg;
};

static int walk_one(void *arg, const struct kl_document *document)
{
	struct walk *walk = arg;
	struct kl_density_table density = {.count = 0};
	struct kl_gva_table gva = {.count = 0};
	struct kl_factor_about *about = walk->gva ? &gva.about : &density.about;
	int rc = walk->gva ? kl_doc_gva_decode(document->bytes, &gva)
			   : kl_doc_density_decode(document->bytes, &density);

	if (rc)
		return rc;
	about->version = (uint32_t)document->version;
	walk->visit(walk->arg, about, walk->gva ? gva.count : density.count);
	return 0;
}

int kl_own_factors_visit(
	struct kl_node *node, bool gva, kl_own_factors_fn *visit, void *arg, struct kl_fault *fault)
{
	struct walk walk = {gva, visit, arg};
	int rc = kl_document_visit(node->store, KIND, gva ? GVA : DENSITY, true, walk_one, &walk);

	return rc ? unreadable(fault, rc) : KL_OK;
}

/* ---- keeping ------------------------------------------------------------------------------- */

int kl_own_factors_add(struct kl_changes *changes, const struct kl_factors *factors, bool gva,
	uint32_t *ret_version)
{
	struct kl_bytes bytes;
	struct kl_writer w;
	uint64_t version = 0;
	int rc;

	kl_writer_init(&w);
	if (gva)
		kl_doc_gva_encode(&w, &factors->gva);
	else
		kl_doc_density_encode(&w, &factors->density);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		kl_changes_add(changes, KIND, gva ? GVA : DENSITY, bytes, &version);
	kl_writer_deinit(&w);
	if (!rc)
		*ret_version = (uint32_t)version;
	return rc;
}

int kl_own_factors_use(struct kl_changes *changes, const struct kl_factors_in_use *in_use)
{
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_doc_in_use_encode(&w, in_use);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		kl_changes_put(changes, KIND, IN_USE, bytes);
	kl_writer_deinit(&w);
	return rc;
}
