/* indicator withdraw: a definition of this member's own is taken back. One that was published is
 * withdrawn in public; one that nobody else has seen, and under which nothing was recorded, is deleted. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/own_observation.h"

static void put(struct kl_writer *w, const char *name, uint32_t version, bool adopted, bool hidden,
	bool done)
{
	kl_write_map(w, 5);
	kl_put_text(w, "name", name);
	kl_put_uint(w, "version", version);
	kl_put_bool(w, "adopted", adopted);
	kl_put_bool(w, "private", hidden);
	kl_put_bool(w, "withdrawn", done);
}

/* ---- what nobody else has seen ------------------------------------------------------------- */

static bool is_private(const struct kl_node *node, const struct kl_known *known)
{
	if (!known || !known->own || known->adopted)
		return false;
	return !node->network || !kl_definitions_find(&node->network->definitions, &known->author,
					 known->definition.slug);
}

static int forget(struct kl_node *node, const struct kl_known *known, bool dry, struct kl_ask *ask)
{
	const char *name = known->definition.name;
	size_t recorded = 0;
	int rc = kl_own_observations_count(node, known->code, &recorded);

	if (rc)
		return kl_fault(
			&ask->fault, rc, "the observations cannot be read: %s", kl_error_text(rc));
	if (recorded) {
		kl_fault(&ask->fault, KL_E_CONFLICT,
			"%zu observation%s recorded under %s, which is private: without it %s "
			"could "
			"not be read",
			recorded, recorded == 1 ? " was" : "s were", name,
			recorded == 1 ? "it" : "they");
		return kl_fault_hint(&ask->fault,
			"keeplocal indicator remove takes what was recorded out first");
	}
	rc = dry ? KL_OK : kl_definition_forget(node, known->code, &ask->fault);
	if (!rc)
		put(&ask->out, name, known->definition.version, false, true, !dry);
	return rc;
}

/* ---- what was published -------------------------------------------------------------------- */

static int find_own_published(struct kl_network *network, const struct kl_observable *what,
	const struct kl_public_definition **ret, struct kl_fault *fault)
{
	const struct kl_public_definition *found = NULL;

	if (what->known && what->known->own)
		found = kl_definitions_find(
			&network->definitions, &network->own.author, what->known->definition.slug);
	if (!found || found->withdrawn)
		return kl_fault(fault, KL_E_NOT_FOUND,
			"this member has published no definition of %s",
			what->indicator ? what->indicator->name : what->code);
	*ret = found;
	return KL_OK;
}

static int take_back(struct kl_network *network, const struct kl_id *record, struct kl_fault *fault)
{
	struct kl_bytes payload;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_payload_taken_back_write(&w, record);
	rc = kl_writer_bytes(&w, &payload);
	rc = rc ? kl_fault(fault, rc, "out of memory")
		: kl_network_append(network, KL_KIND_WITHDRAW, payload, NULL, fault);
	kl_writer_deinit(&w);
	return rc;
}

static int withdraw(
	struct kl_node *node, const struct kl_observable *what, bool dry, struct kl_ask *ask)
{
	const struct kl_public_definition *found = NULL;
	struct kl_network *network;
	uint32_t version;
	bool adopted;
	int rc = kl_need_network(node, &network, &ask->fault);

	if (!rc)
		rc = find_own_published(network, what, &found, &ask->fault);
	if (rc || !found)
		return rc;
	version = found->definition.version;
	adopted = kl_roster_adopted(&network->roster, &found->author, found->definition.slug);
	rc = dry ? kl_network_may_append(network, &ask->fault)
		 : take_back(network, &found->record, &ask->fault);
	if (!rc)
		put(&ask->out, what->known->definition.name, version, adopted, false, !dry);
	return rc;
}

/* ---- the command --------------------------------------------------------------------------- */

int kl_cmd_indicator_withdraw(void *data, struct kl_ask *ask)
{
	struct kl_observable what = {0};
	char name[256];
	bool dry = false;
	int rc = kl_ask_needed(ask, "name", "which definition?", name, sizeof name);

	if (!rc && kl_get_bool_or(&ask->args, "dry_run", false, &dry))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "--dry-run takes no value");
	if (!rc)
		rc = kl_observable_find(data, name, &what, &ask->fault);
	if (!rc)
		rc = is_private(data, what.known) ? forget(data, what.known, dry, ask)
						  : withdraw(data, &what, dry, ask);
	kl_observable_free(&what);
	return rc ? rc : kl_ask_answer(ask);
}
