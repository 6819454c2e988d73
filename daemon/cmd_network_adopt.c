/* network adopt: the convenor proposes a member's definition of an indicator to all. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/enact.h"
#include "daemon/find.h"
#include "daemon/own_definition.h"

#include <string.h>

/* What is to be adopted: the newest that its author published, whatever was adopted of it before. */
static int find_published(struct kl_node *node, const char *name, struct kl_known *ret_known,
	const struct kl_public_definition **ret_public, struct kl_fault *fault)
{
	struct kl_observable what = {0};
	const struct kl_public_definition *found = NULL;
	int rc = kl_observable_find(node, name, &what, fault);

	if (rc)
		return rc;
	if (what.known)
		found = kl_definitions_find(&node->network->definitions, &what.known->author,
			what.known->definition.slug);
	if (what.known)
		*ret_known = *what.known;
	if (!what.known)
		rc = kl_fault(fault, KL_E_INVALID,
			"%s is for everybody already: it is no definition of a "
			"member",
			what.code);
	kl_observable_free(&what);
	*ret_public = found && !found->withdrawn ? found : NULL;
	return rc;
}

static int not_published(const struct kl_known *known, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_NOT_FOUND, "%s is not published", known->definition.name);
	if (known->own)
		(void)kl_fault_hint(fault, "keeplocal indicator define \"%s\" --publish",
			known->definition.name);
	return KL_E_NOT_FOUND;
}

static int make(struct kl_adopt *adopt, const struct kl_known *known,
	const struct kl_public_definition *public, bool ends, struct kl_fault *fault)
{
	*adopt = (struct kl_adopt){.author = known->author, .ends = ends};
	(void)kl_copy_text(adopt->code, sizeof adopt->code, known->definition.slug);
	if (ends)
		return known->adopted ? KL_OK
				      : kl_fault(fault, KL_E_NOT_FOUND, "%s is not adopted",
						known->definition.name);
	if (!public)
		return not_published(known, fault);
	adopt->definition = kl_bytes(public->payload, public->len);
	return kl_definition_name_check(public->definition.name, fault);
}

static int enact_adoption(
	struct kl_network *network, const struct kl_adopt *adopt, bool dry, struct kl_fault *fault)
{
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_adopt_write(&w, adopt);
	rc = kl_enact(network, KL_KIND_ADOPT, &w, dry, fault);
	kl_writer_deinit(&w);
	return rc;
}

static void put(struct kl_ask *ask, const struct kl_known *known, uint32_t version, bool ends,
	bool same, bool dry)
{
	struct kl_writer *w = &ask->out;

	kl_write_map(w, 6);
	kl_put_text(w, "name", known->definition.name);
	kl_put_text(w, "author", known->author_name[0] ? known->author_name : NULL);
	kl_put_uint(w, "version", version);
	kl_put_bool(w, "adopted", !ends);
	kl_put_bool(w, "unchanged", same);
	kl_put_bool(w, "published", !dry);
}

int kl_cmd_network_adopt(void *data, struct kl_ask *ask)
{
	const struct kl_public_definition *public = NULL;
	struct kl_network *network;
	struct kl_known known;
	struct kl_adopt adopt;
	char name[256];
	bool dry = false, ends = false, same;
	uint32_t version;
	int rc = kl_need_convenor(data, &network, &ask->fault);

	if (!rc)
		rc = kl_ask_needed(ask, "name", "which definition?", name, sizeof name);
	if (!rc && (kl_get_bool_or(&ask->args, "dry_run", false, &dry) ||
			   kl_get_bool_or(&ask->args, "end", false, &ends)))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "--end and --dry-run take no value");
	if (!rc)
		rc = find_published(data, name, &known, &public, &ask->fault);
	if (!rc)
		rc = make(&adopt, &known, public, ends, &ask->fault);
	if (rc)
		return rc;
	version = ends ? known.definition.version : public->definition.version;
	same = !ends && known.adopted && kl_id_equal(&known.id, &public->id);
	if (!same)
		rc = enact_adoption(network, &adopt, dry, &ask->fault);
	if (rc)
		return rc;
	put(ask, &known, version, ends, same, dry);
	return kl_ask_answer(ask);
}
