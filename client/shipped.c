#include "client/shipped.h"
#include "client/factor_files.h"
#include "protocol/doc_factors.h"

#include <stdlib.h>

static int read_tables(struct kl_factors *factors, struct kl_fault *fault)
{
	char path[KL_DATA_PATH_MAX];
	int rc;

	if ((rc = kl_data_path(KL_DATA_DENSITY, fault, path)) ||
		(rc = kl_density_read(path, fault, &factors->density)) ||
		(rc = kl_data_path(KL_DATA_GVA, fault, path)) ||
		(rc = kl_gva_read(path, fault, &factors->gva)))
		return rc;
	return KL_OK;
}

int kl_pack_factors(struct kl_pack *pack, struct kl_fault *fault)
{
	struct kl_factors *factors = calloc(1, sizeof *factors);
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc = factors ? read_tables(factors, fault)
			 : kl_fault(fault, KL_E_NOMEM, "no memory for factor tables");

	if (!rc) {
		kl_writer_init(&w);
		kl_doc_factors_encode(&w, factors);
		rc = kl_writer_bytes(&w, &bytes);
		if (rc)
			kl_fault(fault, rc, "no memory for factor tables");
		else
			kl_write_bin(kl_pack_value(pack, "factors"), bytes);
		kl_writer_deinit(&w);
	}
	free(factors);
	return rc;
}
