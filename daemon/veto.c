#include "daemon/veto.h"
#include "core/words.h"
#include "protocol/memberid.h"

#include <string.h>
#include <strings.h>

bool kl_veto_fits(const char *veto, const struct kl_roster_member *member)
{
	struct kl_memberid id;

	if (!kl_memberid_parse(veto, &id, NULL))
		return kl_id_equal(&id.identity, &member->identity);
	return kl_words_contain(member->name, veto) ||
	       (member->attributes.kind == KL_MEMBER_COUNCIL && member->attributes.gss[0] &&
		       !strcasecmp(member->attributes.gss, veto));
}

const char *kl_veto_of(const struct kl_network *network, const struct kl_id *member)
{
	const struct kl_config *config = &network->node->config;
	const struct kl_roster_member *found = kl_roster_find(&network->roster, member);

	for (size_t i = 0; found && i < config->vetoes; i++)
		if (kl_veto_fits(config->veto[i], found))
			return config->veto[i];
	return NULL;
}

bool kl_veto_is_stray(const struct kl_network *network, const char *veto)
{
	for (size_t i = 0; i < network->roster.n_members; i++)
		if (kl_veto_fits(veto, &network->roster.members[i]))
			return false;
	return true;
}

uint16_t kl_veto_seats(const struct kl_network *network, const struct kl_tally_view *view)
{
	unsigned seats = 0;

	for (unsigned j = 0; j < view->committee.n; j++)
		if (kl_veto_of(network, &view->seats[j].member))
			seats |= 1U << j;
	return (uint16_t)seats;
}
