/* policy withdraw: every version of this member's policy is taken back, and erased wherever honest
 * software runs. */
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/own_policy.h"

/* How many versions still stand. */
static size_t standing(const struct kl_member_policy *said)
{
	size_t n = 0;

	for (size_t i = 0; said && i < said->n; i++)
		n += !said->versions[i].withdrawn;
	return n;
}

static int withdraw_all(struct kl_network *network, struct kl_fault *fault)
{
	size_t n = 1;
	int rc = KL_OK;

	while (!rc && n)
		rc = kl_own_policy_withdraw_some(network, &n, fault);
	return rc;
}

int kl_cmd_policy_withdraw(void *data, struct kl_ask *ask)
{
	const struct kl_member_policy *said;
	struct kl_network *network;
	bool dry = false;
	size_t n;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc && kl_get_bool_or(&ask->args, "dry_run", false, &dry))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "dry_run is yes or no");
	if (rc)
		return rc;
	said = kl_policies_find(&network->policies, &network->own.author);
	n = standing(said);
	if (!n)
		return kl_fault(&ask->fault, KL_E_NOT_FOUND,
			"there is no policy of yours in the network to withdraw");
	rc = dry ? kl_network_may_append(network, &ask->fault) : withdraw_all(network, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 3);
	kl_put_text(&ask->out, "member", network->node->home.identity.name);
	kl_put_uint(&ask->out, "versions", n);
	kl_put_bool(&ask->out, "withdrawn", !dry);
	return kl_ask_answer(ask);
}
