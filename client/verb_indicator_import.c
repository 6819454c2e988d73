/* indicator import: a table of observations. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/notes.h"
#include "client/observations.h"
#include "protocol/part.h"

#include <inttypes.h>
#include <string.h>

/* ---- what names mean ----------------------------------------------------------------------- */

static int take_part(const struct kl_value *item, struct kl_definition_part *part)
{
	char unit[32], better[32];

	kl_cli_text(item, "component", "", part->code, sizeof part->code);
	kl_cli_text(item, "name", "?", part->name, sizeof part->name);
	kl_cli_text(item, "unit", "", unit, sizeof unit);
	kl_cli_text(item, "better", "", better, sizeof better);
	if (kl_unit_from_name(unit, &part->unit) || kl_polarity_parse(better, &part->polarity))
		return KL_E_MALFORMED;
	return KL_OK;
}

static int take_definition(const struct kl_value *answer, struct kl_meaning *m)
{
	struct kl_cursor cursor = kl_draw_items(answer, "components");
	struct kl_definition *d = &m->definition;
	struct kl_value item;
	char hex[KL_ID_HEX_MAX], form[32];

	kl_cli_text(answer, "definition", "", hex, sizeof hex);
	m->defined = hex[0];
	if (!m->defined)
		return KL_OK;
	kl_cli_text(answer, "name", "?", d->name, sizeof d->name);
	kl_cli_text(answer, "form", "", form, sizeof form);
	if (kl_hex_parse(hex, m->id.b, KL_ID_BYTES) || kl_indicator_form_parse(form, &d->form))
		return KL_E_MALFORMED;
	while (kl_cursor_next(&cursor, &item))
		if (d->part_count == KL_COMPONENTS_MAX ||
			take_part(&item, &d->parts[d->part_count++]))
			return KL_E_MALFORMED;
	return d->part_count ? KL_OK : KL_E_MALFORMED;
}

static int ask_meaning(
	void *arg, const char *name, struct kl_meaning *ret_meaning, struct kl_fault *fault)
{
	struct kl_cli *cli = arg;
	struct kl_meaning m = {.defined = false};
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", name);
	rc = kl_cli_ask(cli, "indicator show", &pack, &answer);
	kl_pack_deinit(&pack);
	if (rc) {
		*fault = cli->fault;
		return rc;
	}
	kl_cli_text(&answer, "code", "", m.code, sizeof m.code);
	if (!m.code[0] || take_definition(&answer, &m))
		return kl_fault(
			fault, KL_E_MALFORMED, "the answer about \"%.80s\" cannot be read", name);
	*ret_meaning = m;
	return KL_OK;
}

/* ---- the command --------------------------------------------------------------------------- */

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	uint64_t rows = kl_draw_uint(answer, "observations"),
		 already = kl_draw_uint(answer, "already"),
		 indicators = kl_draw_uint(answer, "indicators");

	fprintf(cli->out, "%" PRIu64 " observation%s of %" PRIu64 " indicator%s", rows,
		rows == 1 ? "" : "s", indicators, indicators == 1 ? "" : "s");
	if (already)
		fprintf(cli->out, "; %" PRIu64 " of them had been recorded by hand", already);
	fputs("\n\nNext:\n  keeplocal indicator list --recorded\n", cli->out);
	return KL_OK;
}

static int upload(struct kl_cli *cli, const char *path, struct kl_observations *observations,
	struct kl_value *ret_answer)
{
	const char *slash = strrchr(path, '/');
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "file", slash ? slash + 1 : path);
	rc = kl_cli_upload(cli, "indicator import", &pack, kl_observations_part, observations,
		kl_observations_bytes(observations) / KL_PART_MAX + 1, "observations", ret_answer);
	kl_pack_deinit(&pack);
	return rc;
}

static int run(struct kl_cli *cli)
{
	const char *path = cli->args.operands[0];
	struct kl_observations *observations;
	struct kl_fault fault = {0};
	struct kl_value answer;
	int rc = kl_observations_read(
		path, kl_args_option(&cli->args, "sheet"), ask_meaning, cli, &fault, &observations);

	if (rc) {
		cli->fault = fault;
		return rc;
	}
	rc = upload(cli, path, observations, &answer);
	if (!rc) {
		kl_tell_notes(cli, kl_observations_sheet(observations));
		rc = cli->json ? kl_cli_json(cli, &answer) : draw(cli, &answer);
	}
	kl_observations_destroy(observations);
	return rc;
}

static const struct kl_option options[] = {
	KL_OPTION_SHEET,
	{NULL},
};

const struct kl_command kl_verb_indicator_import = {
	.words = "indicator import",
	.operands = "FILE",
	.example = "keeplocal indicator import observations.csv",
	.help = "bring in a table of observations (CSV or XLSX)",
	.more = "Columns: indicator, period and a value or a text; component, place, method, "
		"method_version, confidence, source, challenger as they are known. Indicators "
		"stand "
		"there by name. A file with a bad cell changes nothing: file, line and column are "
		"named. A file of the same name takes the place of the one before; what was "
		"recorded "
		"by hand stays.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
