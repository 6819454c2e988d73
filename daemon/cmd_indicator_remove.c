/* indicator remove: what was recorded by hand and should not have been, such as a figure typed under the
 * wrong year. Rows of a table go with the table: see cmd_undo.c. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/observation_words.h"
#include "daemon/own_observation.h"

/* What was recorded of that quantity, period and place; its text is the latest revision's. */
static int find_recorded(struct kl_node *node, struct kl_ask *ask, const struct kl_observable *what,
	struct kl_observation *ret, uint64_t *ret_revision)
{
	char component[64], period_text[KL_PERIOD_TEXT_MAX];
	struct kl_observation like;
	struct kl_period period;
	int rc = kl_ask_text(ask, "component", component, sizeof component);

	if (!rc)
		rc = kl_ask_period(ask, NULL, &period);
	if (!rc)
		rc = kl_own_observation_begin(what, component, period, &like, &ask->fault);
	if (!rc)
		rc = kl_ask_text(ask, "place", like.place, sizeof like.place);
	if (!rc)
		rc = kl_own_observation_by_hand(node, &like, ret, ret_revision, &ask->fault);
	if (rc != KL_E_NOT_FOUND || ask->fault.code)
		return rc;
	kl_fault(&ask->fault, rc, "nothing was recorded by hand for %s%s%s",
		kl_period_format(period, period_text), like.place[0] ? ", " : "", like.place);
	return kl_fault_hint(&ask->fault,
		"keeplocal indicator history shows all; what came in with a table goes with "
		"keeplocal undo");
}

int kl_cmd_indicator_remove(void *data, struct kl_ask *ask)
{
	struct kl_observable what = {0};
	struct kl_observation o;
	uint64_t revision = 0;
	bool dry = false, again = false;
	char name[256];
	int rc = kl_ask_needed(ask, "name", "which indicator?", name, sizeof name);

	if (!rc && kl_get_bool_or(&ask->args, "dry_run", false, &dry))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "--dry-run takes no value");
	if (!rc)
		rc = kl_observable_find(data, name, &what, &ask->fault);
	if (!rc)
		rc = find_recorded(data, ask, &what, &o, &revision);
	if (!rc)
		rc = kl_own_observation_imported(data, &o, &again, &ask->fault);
	if (!rc && !dry)
		rc = kl_own_observation_remove(data, &o, &ask->fault);
	if (!rc) {
		kl_write_map(&ask->out, KL_OBSERVATION_KEYS + 3);
		kl_put_text(&ask->out, "name", what.indicator ? what.indicator->name : what.code);
		kl_put_observation(&ask->out, &o, revision);
		kl_put_bool(&ask->out, "table_counts_again", again);
		kl_put_bool(&ask->out, "removed", !dry);
	}
	kl_observable_free(&what);
	return rc ? rc : kl_ask_answer(ask);
}
