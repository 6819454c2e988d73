/* The auditor's own book: what the machine makes of the certified records. */
#include "protocol/auditor_in.h"

#include <stdlib.h>
#include <string.h>

static void step_fold(
	struct kl_auditor *a, struct kl_tally_event *event, struct kl_tally_update *ret_update)
{
	event->wall_ms = a->options.wall_ms;
	if (kl_tallies_step(a->fold, event, NULL, ret_update))
		a->rc = KL_E_NOMEM;
}

void kl_auditor_fold(
	struct kl_auditor *a, const struct kl_audit_entry *e, const struct kl_tally_roster *roster)
{
	struct kl_tally_event event = {.kind = e->contested ? KL_TALLY_FROZEN : KL_TALLY_RECORD};
	struct kl_tally_update update;

	event.u.record.author = e->h.author;
	event.u.record.id = e->id;
	event.u.record.kind = e->h.kind;
	event.u.record.time_ms = e->h.time_ms;
	event.u.record.payload_hash = e->h.payload_hash;
	event.u.record.payload = kl_bytes(e->payload, e->len);
	event.u.record.erased = !e->here;
	event.u.record.roster = roster;
	step_fold(a, &event, &update);
}

void kl_auditor_keep_asked(struct kl_auditor *a, const struct kl_audit_entry *e)
{
	struct kl_audit_entry *kept = kl_auditor_grow(a, (void **)&a->proposes, &a->propose_count,
		&a->propose_capacity, sizeof *a->proposes);

	if (!kept)
		return;
	*kept = *e;
	kept->payload = malloc(e->len + 1);
	if (!kept->payload)
		a->rc = KL_E_NOMEM;
	else if (e->len)
		memcpy(kept->payload, e->payload, e->len);
}

bool kl_auditor_settle(struct kl_auditor *a)
{
	struct kl_tally_event tick = {.kind = KL_TALLY_TICK};
	struct kl_tally_update update = {.wake_ms = UINT64_MAX};

	if (a->fold->replay) {
		a->fold->replay = false;
		for (size_t i = 0; i < a->propose_count && !a->rc; i++)
			kl_auditor_fold(a, &a->proposes[i], NULL);
	}
	if (!a->rc)
		step_fold(a, &tick, &update);
	return a->rc || (update.wake_ms > 1 && !a->fold->replay);
}
