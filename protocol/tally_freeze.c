/* The frozen roster of a tally, made from the roster as it stands at the CALL. */
#include "core/hash.h"
#include "protocol/roster.h"
#include "protocol/tally.h"

#include <stdlib.h>
#include <string.h>

static void control_of(const struct kl_roster_member *member, struct kl_id *ret_control)
{
	struct kl_bytes name = kl_bytes_str(member->attributes.control_group);

	if (name.len == 0)
		*ret_control = member->identity;
	else
		kl_hash_of("QB1/control", &name, 1, ret_control);
}

static void member_of(const struct kl_roster_member *member, struct kl_tally_member *ret_member)
{
	const struct kl_attributes *a = &member->attributes;

	memset(ret_member, 0, sizeof(*ret_member));
	ret_member->id = member->identity;
	control_of(member, &ret_member->control);
	ret_member->verified = true; /* the roster holds confirmed attributes only */
	ret_member->council = a->kind == KL_MEMBER_COUNCIL;
	ret_member->offers_seat = true;
	kl_copy_text(ret_member->type, sizeof(ret_member->type), a->type);
	kl_copy_text(ret_member->region, sizeof(ret_member->region), a->region);
	kl_copy_text(ret_member->rural, sizeof(ret_member->rural), a->rural_urban);
	kl_copy_text(ret_member->income, sizeof(ret_member->income), a->income_band);
	ret_member->deprivation = a->deprivation_quintile;
}

int kl_tally_roster_freeze(const struct kl_roster *roster, struct kl_tally_roster *ret_roster)
{
	struct kl_tally_roster frozen = {
		.hash = roster->hash,
		.convenor = roster->feed.author,
	};
	size_t contributors = kl_roster_contributors(roster);

	if (contributors > KL_TALLY_MEMBERS_MAX)
		return KL_E_TOO_BIG;
	frozen.minimum = (uint16_t)roster->charter.minimum;
	frozen.cohort_count = (uint8_t)roster->charter.n_cohorts;
	memcpy(frozen.cohorts, roster->charter.cohorts, sizeof(frozen.cohorts));
	frozen.members = calloc(contributors ? contributors : 1, sizeof(*frozen.members));
	if (!frozen.members)
		return KL_E_NOMEM;
	/* The roster is sorted by identity, and so are columns. */
	for (size_t i = 0; i < roster->n_members; i++) {
		if (kl_roster_contributes(&roster->members[i]) && frozen.count < contributors)
			member_of(&roster->members[i], &frozen.members[frozen.count++]);
	}
	*ret_roster = frozen;
	return KL_OK;
}
