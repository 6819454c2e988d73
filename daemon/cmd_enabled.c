/* enabled import, record: what is known of tenants; cmd_enabled_result.c adds it up. */
#include "core/money.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/enabled_ask.h"
#include "daemon/enabled_figures.h"
#include "daemon/own_factors.h"

#include <stdlib.h>
#include <string.h>

/* ---- import -------------------------------------------------------------------------------- */

struct taking {
	struct kl_period period;
	bool drop_record;
	char file[256];
	struct kl_tenants_sum sum;
};

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct taking *t = data;

	return kl_tenants_take_row(&t->sum, row, fault);
}

static int end_import(void *data, struct kl_ask *ask)
{
	const struct taking *t = data;
	struct kl_writer *w = &ask->out;
	char period[KL_PERIOD_TEXT_MAX];

	if (!t->sum.total.tenants)
		return kl_fault(&ask->fault, KL_E_INVALID, "the table has no tenants");
	kl_write_map(w, 4);
	kl_put_text(w, "period", kl_period_format(t->period, period));
	kl_put_text(w, "file", t->file);
	kl_put_uint(w, "tenants", t->sum.total.tenants);
	kl_put_uint(w, "left_out", t->sum.left_out);
	return KL_OK;
}

static int publish(void *data, struct kl_changes *changes, struct kl_fault *fault)
{
	struct taking *t = data;

	if (t->drop_record)
		kl_enabled_drop_record(changes, t->period);
	return kl_enabled_put_factors(changes, t->period, &t->sum.factors, fault);
}

static const struct kl_rows_sink import_sink = {
	.row = take_row, .end = end_import, .publish = publish, .destroy = free};

static int begin_import(struct kl_node *node, struct kl_ask *ask, struct taking *t)
{
	int rc;

	if ((rc = kl_enabled_ask_now(ask, &t->period)) ||
		(rc = kl_own_factors_asked(node, ask, &t->sum.factors)) ||
		(rc = kl_enabled_ask_record(node, ask, t->period, &t->drop_record)))
		return rc;
	if (kl_get_text_or(&ask->args, "file", "", t->file, sizeof t->file))
		return kl_fault(&ask->fault, KL_E_USAGE, "the name of the file is too long");
	return KL_OK;
}

int kl_cmd_enabled_import(void *data, struct kl_ask *ask)
{
	struct taking *t = calloc(1, sizeof *t);
	char name[KL_PERIOD_TEXT_MAX];
	int rc;

	if (!t)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for tenants");
	rc = begin_import(data, ask, t);
	if (rc) {
		free(t);
		return rc;
	}
	return kl_rows_upload(data, ask, KL_ENABLED_TENANTS, kl_period_format(t->period, name),
		kl_bytes_str(t->file), &import_sink, t);
}

/* ---- record -------------------------------------------------------------------------------- */

static int take_method(
	struct kl_ask *ask, const char *key, const char *option, enum kl_method *ret_method)
{
	char text[16];

	if (kl_get_text(&ask->args, key, text, sizeof text) || kl_method_parse(text, ret_method))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"--%s: say how the figure was found: primary, partly or estimated", option);
	return KL_OK;
}

static int take_confidence(struct kl_ask *ask, const char *key, enum kl_confidence *ret_confidence)
{
	char text[16];

	if (kl_get_text(&ask->args, key, text, sizeof text) ||
		kl_confidence_parse(text, ret_confidence))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"--confidence: say how sure the figure is: high, moderate or low");
	return KL_OK;
}

static int take_fte(struct kl_ask *ask, struct kl_enabled_record *record)
{
	char text[KL_FTE_TEXT_MAX];
	int rc = kl_get_text(&ask->args, "fte", text, sizeof text);

	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc || kl_fte_parse(text, &record->fte))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"--fte: expected full-time equivalents with one decimal at most, such as "
			"312 or 4.5");
	record->has_fte = true;
	if ((rc = take_method(ask, "fte_method", "fte-method", &record->fte_method)) ||
		(rc = take_confidence(ask, "fte_confidence", &record->fte_confidence)))
		return rc;
	return KL_OK;
}

static int take_gva(struct kl_ask *ask, struct kl_enabled_record *record)
{
	int rc = kl_get_int(&ask->args, "gva_pence", &record->gva);

	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc)
		return kl_fault(&ask->fault, KL_E_USAGE, "--gva: no amount");
	record->has_gva = true;
	if ((rc = take_method(ask, "gva_method", "gva-method", &record->gva_method)) ||
		(rc = take_confidence(ask, "gva_confidence", &record->gva_confidence)))
		return rc;
	return KL_OK;
}

static int take_record(struct kl_ask *ask, struct kl_enabled_record *record)
{
	int rc = kl_ask_period(ask, NULL, &record->period);

	if (rc)
		return rc;
	if ((rc = take_fte(ask, record)) || (rc = take_gva(ask, record)))
		return rc;
	if (!record->has_fte && !record->has_gva)
		return kl_fault(&ask->fault, KL_E_USAGE, "expected --fte N, --gva AMOUNT or both");
	rc = kl_get_text(&ask->args, "source", record->source, sizeof record->source);
	if (rc || strchr(record->source, '\n'))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"--source is missing: where do these totals stand?");
	return kl_enabled_record_check(record, &ask->fault);
}

int kl_cmd_enabled_record(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_enabled_record record = {.has_fte = false};
	char period[KL_PERIOD_TEXT_MAX], fte[KL_FTE_TEXT_MAX], gva[KL_MONEY_TEXT_MAX];
	bool instead = false;
	int rc;

	if ((rc = take_record(ask, &record)) || (rc = kl_enabled_ask_instead(ask, &instead)))
		return rc;
	kl_period_format(record.period, period);
	if (!instead && kl_enabled_has_tenants(node, record.period)) {
		kl_fault(&ask->fault, KL_E_EXISTS, "tenants are known for %s", period);
		return kl_fault_hint(&ask->fault,
			"--instead puts these totals in their place; --period says another year");
	}
	rc = kl_enabled_keep_record(node, &record, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 3);
	kl_put_text(&ask->out, "period", period);
	kl_put_text(
		&ask->out, "employees_fte", record.has_fte ? kl_fte_format(record.fte, fte) : NULL);
	kl_put_text(&ask->out, "gva", record.has_gva ? kl_money_format(record.gva, gva) : NULL);
	return kl_ask_answer(ask);
}
