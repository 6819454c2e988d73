/* policy history: what changed in a member's policy from version to version. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/network.h"
#include "daemon/policy_answer.h"
#include "daemon/policy_filter.h"
#include "store/feeds.h"

#include <string.h>

enum { BYTES_MAX = 200 << 10 }; /* of all versions in one answer, which holds 256 KiB */

static int read_version(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	(void)feed;
	if (stored->state != KL_STORED_HERE)
		return KL_E_NOT_FOUND;
	return kl_payload_policy_read(stored->payload, arg, NULL);
}

/* What a version says, or that it is gone. */
struct reading {
	bool here;
	struct kl_policy policy;
};

static int load(const struct kl_network *network, const struct kl_member_policy *said, size_t i,
	struct reading *ret)
{
	const struct kl_policy_version *v = &said->versions[i];
	const struct kl_feed_id feed = {said->id, v->epoch};
	int rc = KL_E_NOT_FOUND;

	if (!v->withdrawn)
		rc = kl_feed_get(network->node->store, &feed, v->seq, read_version, &ret->policy);
	ret->here = !rc;
	return rc == KL_E_NOT_FOUND ? KL_OK : rc;
}

static void unload(struct reading *r)
{
	if (r->here)
		kl_policy_deinit(&r->policy);
	r->here = false;
}

/* "changes" against the version before: of all that is said in the first one, nil where either is
 * gone. `before` is NULL if it is not known any more. */
static void put_version(struct kl_writer *w, const struct kl_member_policy *said, size_t i,
	const struct reading *before, const struct reading *now)
{
	bool first = said->total == said->n && !i;

	kl_write_map(w, 4);
	kl_put_uint(w, "version", said->total - said->n + i + 1);
	kl_put_day_of(w, "published", said->versions[i].time_ms);
	kl_put_bool(w, "withdrawn", said->versions[i].withdrawn);
	if (!now->here || (!first && !before->here))
		kl_put_nil(w, "changes");
	else
		kl_put_policy_changes(w, first ? NULL : &before->policy, &now->policy);
}

/* The newest first, as many as an answer holds; each is read once. */
static int put_rows(struct kl_writer *rows, const struct kl_network *network,
	const struct kl_member_policy *said, size_t *ret_n)
{
	struct reading now = {.here = false}, before = {.here = false};
	struct kl_bytes bytes = {0};
	size_t n = 0;
	int rc = load(network, said, said->n - 1, &now);

	while (!rc && n < said->n && bytes.len < BYTES_MAX) {
		size_t i = said->n - 1 - n;

		if (i)
			rc = load(network, said, i - 1, &before);
		if (rc)
			break;
		put_version(rows, said, i, &before, &now);
		rc = kl_writer_bytes(rows, &bytes);
		unload(&now);
		now = before;
		before.here = false;
		n++;
	}
	unload(&now);
	*ret_n = n;
	return rc;
}

static int put_versions(struct kl_writer *out, const struct kl_network *network,
	const struct kl_member_policy *said)
{
	struct kl_bytes bytes;
	struct kl_writer rows;
	size_t n;
	int rc;

	kl_writer_init(&rows);
	rc = put_rows(&rows, network, said, &n);
	if (!rc)
		rc = kl_writer_bytes(&rows, &bytes);
	if (!rc) {
		kl_put_uint(out, "earlier", said->total - n);
		kl_put_array(out, "versions", n);
		kl_write_raw(out, bytes);
	}
	kl_writer_deinit(&rows);
	return rc;
}

static int find_member(struct kl_node *node, struct kl_ask *ask, struct kl_id *ret_id,
	char name[KL_MEMBER_NAME_MAX])
{
	const struct kl_roster_member *member;
	char asked[256];
	int rc = kl_ask_text(ask, "member", asked, sizeof asked);

	if (rc)
		return rc;
	if (!asked[0]) {
		*ret_id = node->network->own.author;
		(void)kl_copy_text(name, KL_MEMBER_NAME_MAX, node->home.identity.name);
		return KL_OK;
	}
	rc = kl_find_policy_member(node, asked, &member, &ask->fault);
	if (rc)
		return rc;
	*ret_id = member->identity;
	(void)kl_copy_text(name, KL_MEMBER_NAME_MAX, member->name);
	return KL_OK;
}

int kl_cmd_policy_history(void *data, struct kl_ask *ask)
{
	const struct kl_member_policy *said;
	struct kl_network *network;
	char name[KL_MEMBER_NAME_MAX];
	struct kl_id id;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc)
		rc = find_member(data, ask, &id, name);
	if (rc)
		return rc;
	said = kl_policies_find(&network->policies, &id);
	if (!said || !said->n)
		return kl_fault(&ask->fault, KL_E_NOT_FOUND, "%s has published no policy", name);
	kl_write_map(&ask->out, 3);
	kl_put_text(&ask->out, "member", name);
	rc = put_versions(&ask->out, network, said);
	return rc ? kl_fault(&ask->fault, rc, "the versions cannot be read: %s", kl_error_text(rc))
		  : kl_ask_answer(ask);
}
