/* Who contributed, what the seats say of it, and who is in for that. */
#include "core/judge.h"
#include "core/selection.h"
#include "protocol/auditor_in.h"

#include <stdlib.h>
#include <string.h>

/* ---- contributions ----------------------------------------------------------------------------- */

struct shares {
	size_t named, found, kept, odd;
};

static const struct kl_audit_share *find_share(
	const struct kl_auditor *a, const struct kl_audit_said *contrib, const struct kl_id *blob)
{
	for (size_t i = 0; i < a->share_count; i++) {
		const struct kl_audit_share *share = &a->shares[i];

		if (kl_id_equal(&share->blob, blob) && share->seq < contrib->seq &&
			kl_id_equal(&share->author, &contrib->author))
			return share;
	}
	return NULL;
}

static void count_shares(const struct kl_auditor *a, const struct kl_audit_said *said,
	const struct kl_tally_contrib *contrib, struct shares *shares)
{
	for (unsigned j = 0; j < contrib->blob_count && j < a->committee.n; j++) {
		const struct kl_audit_share *share;

		if (kl_id_is_zero(&contrib->blobs[j]))
			continue;
		shares->named++;
		share = find_share(a, said, &contrib->blobs[j]);
		if (!share)
			continue;
		shares->found++;
		shares->kept += share->here;
		shares->odd +=
			share->len != kl_share_blob_len(&a->committee, j + 1, a->t->cells.total);
	}
}

static void check_contribution(
	struct kl_auditor *a, const struct kl_audit_said *said, struct shares *shares)
{
	struct kl_tally_contrib contrib;
	char name[KL_AUDIT_NAME_MAX];
	struct shares own = {0};

	(void)kl_tally_contrib_read(
		kl_audit_payload(said), &contrib); /* gathered: it can be read */
	count_shares(a, said, &contrib, &own);
	if (own.found < own.named)
		kl_auditor_say(a, KL_AUDIT_CONTRIBUTIONS, KL_MARK_NOTE,
			"%s names %zu sealed share%s that stand%s in no record of its own before "
			"it: "
			"seats say that they lack it",
			kl_auditor_name(a, &said->author, name), own.named - own.found,
			kl_plural(own.named - own.found), own.named - own.found == 1 ? "s" : "");
	if (own.odd)
		kl_auditor_say(a, KL_AUDIT_CONTRIBUTIONS, KL_MARK_NOTE,
			"%zu sealed share%s of %s %s not of the size that the questions ask for",
			own.odd, kl_plural(own.odd), kl_auditor_name(a, &said->author, name),
			own.odd == 1 ? "is" : "are");
	shares->named += own.named;
	shares->found += own.found;
	shares->kept += own.kept;
}

static void check_folded(struct kl_auditor *a, unsigned column, bool contributed)
{
	char name[KL_AUDIT_NAME_MAX];

	if ((kl_column_last(&a->t->columns[column]) != 0) == contributed)
		return;
	kl_auditor_differs(a, KL_AUDIT_CONTRIBUTIONS,
		"the two ways of working it out disagree on whether %s contributed",
		kl_auditor_name(a, &a->t->roster.members[column].id, name));
}

void kl_auditor_check_contributions(struct kl_auditor *a)
{
	bool ended = a->t->closed || a->t->failed;
	size_t contributed = 0, declined = 0, dealt = 0, withdrawn = 0, back = 0;
	struct shares shares = {0};

	for (unsigned i = 0; i < a->t->roster.count; i++) {
		const struct kl_audit_member *member = &a->members[i];
		bool any = false, stands = false, taken_back = false;

		for (unsigned k = 0; k < KL_SHARE_NUMBER_MAX; k++) {
			withdrawn += member->withdraw[k] != NULL;
			taken_back |= member->withdraw[k] != NULL;
			if (member->withdraw[k])
				stands = false;
			if (!member->contrib[k])
				continue;
			any = true;
			stands = !member->withdraw[k];
			dealt++;
			check_contribution(a, member->contrib[k], &shares);
		}
		contributed += stands;
		declined += member->declined && !stands;
		back += taken_back && !stands && !member->declined;
		check_folded(a, i, any);
	}
	if (ended && shares.kept)
		kl_auditor_say(a, KL_AUDIT_CONTRIBUTIONS, KL_MARK_NOTE,
			"%zu sealed share%s %s still kept here, though the tally has ended",
			shares.kept, kl_plural(shares.kept), shares.kept == 1 ? "is" : "are");
	kl_auditor_sum_up(a, KL_AUDIT_CONTRIBUTIONS,
		"%zu of %u contributed, %zu declined, %zu took back what they contributed (%zu "
		"contribution%s and %zu withdrawal%s in all); %zu of %zu sealed shares that they "
		"name stand in their records%s",
		contributed, a->t->roster.count, declined, back, dealt, kl_plural(dealt), withdrawn,
		kl_plural(withdrawn), shares.found, shares.named,
		!shares.found ? ""
		: shares.kept ? ""
			      : ", their contents erased");
}

/* ---- INTAKEs ----------------------------------------------------------------------------------- */

static const struct kl_intake_entry *entry_of(
	const struct kl_audit_entries *entries, unsigned member)
{
	size_t low = 0, high = entries->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (entries->entries[middle].member < member)
			low = middle + 1;
		else
			high = middle;
	}
	return low < entries->count && entries->entries[low].member == member
		       ? &entries->entries[low]
		       : NULL;
}

/* Each entry must name a contribution, or a withdrawal, of that member. */
static void check_entries(struct kl_auditor *a, unsigned seat, size_t ret_status[])
{
	const struct kl_audit_entries *entries = &a->cited[seat - 1];
	char name[KL_AUDIT_NAME_MAX + 16];
	size_t missing = 0, strange = 0;

	for (size_t i = 0; i < entries->count; i++) {
		const struct kl_intake_entry *e = &entries->entries[i];
		const struct kl_audit_said *said = kl_auditor_find(a, &e->contribution);
		uint32_t kind = e->status == KL_INTAKE_WITHDRAWN ? KL_KIND_TALLY_WITHDRAW
								 : KL_KIND_TALLY_CONTRIB;

		ret_status[e->status]++;
		missing += !said;
		strange += e->member >= a->t->roster.count ||
			   (said && (said->kind != kind ||
					    !kl_id_equal(&said->author,
						    &a->t->roster.members[e->member].id)));
	}
	if (missing)
		kl_auditor_say(a, KL_AUDIT_INTAKES, KL_MARK_NOT_HERE,
			"%s lists %zu contribution%s that %s not here",
			kl_auditor_seat_name(a, seat, name), missing, kl_plural(missing),
			missing == 1 ? "is" : "are");
	if (strange)
		kl_auditor_say(a, KL_AUDIT_INTAKES, KL_MARK_NOTE,
			"%s lists %zu thing%s that %s no contribution of that member",
			kl_auditor_seat_name(a, seat, name), strange, kl_plural(strange),
			strange == 1 ? "is" : "are");
}

static void read_intake(struct kl_auditor *a, unsigned seat, const struct kl_id *id, bool cited)
{
	char name[KL_AUDIT_NAME_MAX + 16];
	int rc = kl_auditor_intake(a, seat, id, &a->cited[seat - 1]);

	if (rc == KL_E_NOMEM)
		a->rc = rc;
	if (rc == KL_E_NOT_FOUND)
		kl_auditor_say(a, KL_AUDIT_INTAKES, KL_MARK_NOT_HERE,
			"the list of %s%s is not whole here", kl_auditor_seat_name(a, seat, name),
			cited ? ", which was cited," : "");
	if (rc == KL_E_INVALID)
		kl_auditor_say(a, KL_AUDIT_INTAKES, cited ? KL_MARK_WRONG : KL_MARK_NOTE,
			"%s: its parts do not make one list%s", kl_auditor_seat_name(a, seat, name),
			cited ? ", and it was cited" : "");
}

/* What was cited by the certified proposal; without one, the first list of each seat. */
static void read_intakes(struct kl_auditor *a)
{
	const struct kl_audit_proposal *p = a->certified;

	for (unsigned i = 0; p && p->here && i < p->cited_count; i++)
		if (p->cited[i].seat >= 1 && p->cited[i].seat <= a->committee.n)
			read_intake(a, p->cited[i].seat, &p->cited[i].intake, true);
	for (unsigned j = 1; !(p && p->here) && j <= a->committee.n; j++)
		if (a->seats[j - 1].intake)
			read_intake(a, j, &a->seats[j - 1].intake->id, false);
}

void kl_auditor_check_intakes(struct kl_auditor *a)
{
	size_t status[KL_INTAKE_WITHDRAWN + 1] = {0};
	unsigned lists = 0, whole = 0;
	char name[KL_AUDIT_NAME_MAX + 16];

	read_intakes(a);
	for (unsigned j = 1; j <= a->committee.n && !a->rc; j++) {
		lists += a->seats[j - 1].intakes > 0;
		whole += a->cited[j - 1].here;
		if (a->cited[j - 1].here)
			check_entries(a, j, status);
		if (a->seats[j - 1].intakes > 1)
			kl_auditor_say(a, KL_AUDIT_INTAKES, KL_MARK_NOTE,
				"%s gave %u different lists", kl_auditor_seat_name(a, j, name),
				a->seats[j - 1].intakes);
	}
	kl_auditor_sum_up(a, KL_AUDIT_INTAKES,
		"%u of %u seats listed what they hold; %u lists %s: %zu shares in order, %zu "
		"missing, %zu that do not open, %zu bound to something else, %zu withdrawn",
		lists, a->committee.n, whole, a->certified ? "were cited" : "are here",
		status[KL_INTAKE_OK], status[KL_INTAKE_MISSING], status[KL_INTAKE_SEALED],
		status[KL_INTAKE_BOUND], status[KL_INTAKE_WITHDRAWN]);
}

/* ---- tests, and who is in ---------------------------------------------------------------------- */

/* What is known of one member while its place is worked out. */
struct standing {
	struct kl_said said[KL_SEATS_MAX];
	struct kl_reply replies[KL_SEATS_MAX];
	struct kl_chosen chosen;
	uint16_t stand;
	bool base;
};

static uint8_t number_of(const struct kl_audit_said *said)
{
	struct kl_tally_withdraw withdraw;
	struct kl_tally_contrib contrib;

	if (!said || !said->here)
		return 0;
	if (said->kind == KL_KIND_TALLY_CONTRIB)
		return kl_tally_contrib_read(kl_audit_payload(said), &contrib) ? 0 : contrib.number;
	return kl_tally_withdraw_read(kl_audit_payload(said), &withdraw) ? 0 : withdraw.number;
}

static void hear_seats(const struct kl_auditor *a, unsigned member, struct standing *s)
{
	for (unsigned j = 0; j < a->committee.n; j++) {
		const struct kl_intake_entry *e =
			a->cited[j].here ? entry_of(&a->cited[j], member) : NULL;

		if (!e || (e->status != KL_INTAKE_OK && e->status != KL_INTAKE_WITHDRAWN))
			continue;
		s->said[j].kind = e->status == KL_INTAKE_OK ? KL_SAID_HOLDS : KL_SAID_WITHDRAWN;
		s->said[j].number = number_of(kl_auditor_find(a, &e->contribution));
		s->said[j].contribution = e->contribution;
		s->replies[j] = e->reply;
	}
}

static unsigned seat_held_by(const struct kl_auditor *a, const struct kl_id *member)
{
	for (unsigned j = 0; j < a->committee.n; j++)
		if (kl_id_equal(&a->seats[j].member, member))
			return j + 1;
	return 0;
}

static void judge(const struct kl_auditor *a, unsigned member, struct standing *s)
{
	const struct kl_reply *replies[KL_SEATS_MAX] = {0};

	for (unsigned j = 0; j < a->committee.n; j++)
		if (s->chosen.seats >> j & 1)
			replies[j] = &s->replies[j];
	s->stand = kl_verdict(
		&a->committee, replies, seat_held_by(a, &a->t->roster.members[member].id));
}

/* Fills in chosen contribution and presence; false if the contribution is not here. */
static bool take_chosen(struct kl_auditor *a, unsigned member, const struct standing *s)
{
	const struct kl_audit_said *said = kl_auditor_find(a, &s->chosen.contribution);
	struct kl_tally_contrib contrib;
	char name[KL_AUDIT_NAME_MAX];

	if (!said || !said->here || kl_tally_contrib_read(kl_audit_payload(said), &contrib)) {
		kl_auditor_say(a, KL_AUDIT_MEMBERS, KL_MARK_NOT_HERE,
			"the contribution of %s that most seats hold is not here",
			kl_auditor_name(a, &a->t->roster.members[member].id, name));
		return false;
	}
	a->chosen[member] = s->chosen.contribution;
	memcpy(a->presence[member], contrib.presence, sizeof a->presence[member]);
	return true;
}

/* Whether enough seats replied for a verdict. */
static bool is_judged(const struct kl_auditor *a, unsigned member, const struct standing *s)
{
	uint16_t heard = kl_replies_heard(
		&a->committee, s->chosen.seats, seat_held_by(a, &a->t->roster.members[member].id));

	return __builtin_popcount(heard) >= a->committee.qa;
}

static void tell_tests(struct kl_auditor *a, unsigned member, const struct standing *s)
{
	char name[KL_AUDIT_NAME_MAX], seat[KL_AUDIT_NAME_MAX + 16];

	kl_auditor_name(a, &a->t->roster.members[member].id, name);
	if (!s->stand)
		kl_auditor_say(a, KL_AUDIT_TESTS, KL_MARK_NOTE, "%s is not counted: %s", name,
			is_judged(a, member, s)
				? "its shares did not pass the tests"
				: "too few seats could test its shares (its own does not count)");
	for (unsigned j = 0; s->stand && j < a->committee.n; j++)
		if ((s->chosen.seats & ~s->stand) >> j & 1)
			kl_auditor_say(a, KL_AUDIT_TESTS, KL_MARK_NOTE,
				"the reply of %s about %s does not fit those of the others, and is "
				"set aside",
				kl_auditor_seat_name(a, j + 1, seat), name);
}

/* Works out who stands where; false if something that it takes is not here. */
static bool judge_all(struct kl_auditor *a, struct standing *all, uint16_t *ret_stand)
{
	bool known = true;

	for (unsigned i = 0; i < a->t->roster.count; i++) {
		struct standing *s = &all[i];

		hear_seats(a, i, s);
		s->base = kl_choose(&a->committee, s->said, &s->chosen);
		if (!s->base)
			continue;
		known &= take_chosen(a, i, s);
		kl_set_add(&a->base, i);
		judge(a, i, s);
		tell_tests(a, i, s);
		ret_stand[i] = s->stand;
	}
	return known;
}

static void tell_who_is_out(struct kl_auditor *a, const struct standing *all)
{
	char name[KL_AUDIT_NAME_MAX];

	for (unsigned i = 0; i < a->t->roster.count; i++) {
		const struct standing *s = &all[i];
		const char *why = "not all of the chosen seats hold its shares";
		bool contributed = false;

		for (unsigned k = 0; k < KL_SHARE_NUMBER_MAX; k++)
			contributed |= a->members[i].contrib[k] != NULL;
		if (kl_set_has(&a->accepted, i) || !contributed)
			continue;
		if (!s->base && s->chosen.withdrawn)
			why = "it took its contribution back";
		else if (!s->base)
			why = "too few of the cited seats hold its shares";
		else if (!s->stand)
			why = is_judged(a, i, s) ? "its shares did not pass the tests"
						 : "too few seats could test its shares (its own "
						   "does not count)";
		kl_auditor_say(a, KL_AUDIT_MEMBERS, KL_MARK_NOTE,
			"%s contributed and is not in: %s",
			kl_auditor_name(a, &a->t->roster.members[i].id, name), why);
	}
}

static void compare_members(struct kl_auditor *a)
{
	const struct kl_tally_proposal *p = kl_tally_certified_proposal(a->t);

	if (p && (!kl_set_equal(&p->outcome.who.accepted, &a->accepted) ||
			 !kl_set_equal(&p->outcome.who.base, &a->base)))
		kl_auditor_differs(a, KL_AUDIT_MEMBERS,
			"the two ways of working it out disagree on who is in: one of them is what "
			"follows from the lists");
}

static const char unknown[] = "Who is in cannot be worked out from what is here";

static void check_cited(struct kl_auditor *a, struct standing *all, uint16_t *stand)
{
	uint16_t cited = 0;
	bool whole = true, known;

	for (unsigned i = 0; i < a->certified->cited_count; i++) {
		unsigned seat = a->certified->cited[i].seat;

		if (seat < 1 || seat > a->committee.n)
			continue;
		cited = (uint16_t)(cited | 1U << (seat - 1));
		whole &= a->cited[seat - 1].here;
	}
	known = judge_all(a, all, stand);
	if (!whole ||
		kl_select(&a->committee, cited, stand, a->t->roster.count, &a->accepted, NULL)) {
		kl_auditor_sum_up_as(a, KL_AUDIT_TESTS, KL_MARK_NOT_HERE,
			"Not all can be judged from what is here");
		kl_auditor_sum_up_as(a, KL_AUDIT_MEMBERS, KL_MARK_NOT_HERE, "%s", unknown);
		return;
	}
	a->selected = known;
	tell_who_is_out(a, all);
	compare_members(a);
	kl_auditor_sum_up(a, KL_AUDIT_TESTS,
		"Verdicts worked out again for %zu members from the replies of the seats that were "
		"cited",
		kl_set_count(&a->base));
	kl_auditor_sum_up(a, KL_AUDIT_MEMBERS,
		"%zu members are in, out of %zu that enough seats hold", kl_set_count(&a->accepted),
		kl_set_count(&a->base));
}

void kl_auditor_check_members(struct kl_auditor *a)
{
	struct standing *all;
	uint16_t *stand;

	if (!a->certified) {
		kl_auditor_sum_up_as(a, KL_AUDIT_TESTS, KL_MARK_NOTHING,
			"Nothing was certified, so nobody was judged");
		kl_auditor_sum_up_as(a, KL_AUDIT_MEMBERS, KL_MARK_NOTHING,
			"Nothing was certified, so nobody is in");
		return;
	}
	if (!a->certified->here) {
		kl_auditor_sum_up_as(a, KL_AUDIT_TESTS, KL_MARK_NOT_HERE,
			"What was certified is not whole here, so nobody can be judged");
		kl_auditor_sum_up_as(a, KL_AUDIT_MEMBERS, KL_MARK_NOT_HERE, "%s", unknown);
		return;
	}
	all = calloc(a->t->roster.count + 1U, sizeof *all);
	stand = calloc(a->t->roster.count + 1U, sizeof *stand);
	if (all && stand)
		check_cited(a, all, stand);
	else
		a->rc = KL_E_NOMEM;
	free(all);
	free(stand);
}
