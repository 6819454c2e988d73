#include "tests/model/tally_room.h"
#include "tests/model/tally_world.h"

#include <string.h>

enum { TODO_MAX = 65536 };

struct todo {
	unsigned member;
	enum kl_tally_event_kind kind;
	const struct world_record *record;
};

static struct todo todo[TODO_MAX];
static size_t todo_first, todo_count;

static void queue(unsigned member, enum kl_tally_event_kind kind, const struct world_record *record)
{
	KL_ASSERT(todo_count < TODO_MAX);
	todo[todo_count++] = (struct todo){member, kind, record};
}

static void queue_for_all(const struct room *room, const struct world_record *record)
{
	for (unsigned i = 0; i < room->count; i++)
		queue(i, KL_TALLY_RECORD, record);
}

static void append(struct room *room, unsigned member, const struct kl_tally_effect *effect)
{
	const struct world_record *record =
		world_record(room->ids[member], effect->u.append.kind, effect->u.append.payload);

	KL_ASSERT(room->said_count < ROOM_SAID_MAX);
	room->said[room->said_count].member = member;
	room->said[room->said_count++].record = record;
	room->stopped = room->until && record->kind == room->until;
	if (!room->stopped)
		queue_for_all(room, record);
}

static void carry_out(struct room *room, unsigned member, const struct kl_id *tally,
	struct kl_tally_update update)
{
	for (size_t i = 0; i < update.count; i++) {
		const struct kl_tally_effect *effect = &update.effects[i];

		if (!kl_id_equal(&effect->tally, tally))
			continue;
		if (effect->kind == KL_TALLY_KEY_WRITE) {
			memcpy(room->keys[member], effect->u.key, KL_SEED_BYTES);
			room->keys[member][1] = (uint8_t)member; /* all have the same entropy */
			queue(member, KL_TALLY_KEY, NULL);
		} else if (effect->kind == KL_TALLY_KEEP_ANSWERS) {
			queue(member, KL_TALLY_ANSWERS, NULL);
		} else if (effect->kind == KL_TALLY_APPEND) {
			append(room, member, effect);
		}
	}
}

static void do_next(struct room *room, const struct kl_id *tally, unsigned metrics)
{
	const struct todo *next = &todo[todo_first++];
	struct kl_tallies *book = room->books[next->member];
	struct kl_tally_event event = {.kind = next->kind, .tally = *tally};
	int16_t bins[KL_TALLY_METRICS_MAX];
	struct kl_tally_update update;

	for (unsigned m = 0; m < metrics; m++)
		bins[m] = room->bin;
	if (next->kind == KL_TALLY_RECORD) {
		update = world_feed(book, next->record, room->now_ms, room->wall_ms);
	} else {
		if (next->kind == KL_TALLY_KEY)
			event.u.key = room->keys[next->member];
		else if (next->kind != KL_TALLY_DECLINE)
			event.u.answers.bins = bins;
		if (event.u.answers.bins && next->kind != KL_TALLY_KEY)
			event.u.answers.count = metrics;
		update = world_step(book, &event, room->now_ms, room->wall_ms);
	}
	carry_out(room, next->member, tally, update);
}

void room_run(struct room *room, const struct world_record *call, unsigned metrics)
{
	todo_first = todo_count = 0;
	queue_for_all(room, call);
	while (todo_first < todo_count && !room->stopped) {
		do_next(room, &call->id, metrics);
		if (todo_first != room->count) /* everybody has just seen the CALL */
			continue;
		for (unsigned i = 0; i < room->count; i++)
			queue(i, room->declines[i] ? KL_TALLY_DECLINE : KL_TALLY_CONTRIBUTE, NULL);
	}
}

void room_hear(struct room *room, const struct kl_id *tally, const struct world_record *record)
{
	todo_first = todo_count = 0;
	queue_for_all(room, record);
	while (todo_first < todo_count && !room->stopped)
		do_next(room, tally, 0);
}

unsigned room_count(const struct room *room, uint32_t kind, int member)
{
	unsigned count = 0;

	for (unsigned i = 0; i < room->said_count; i++)
		count += room->said[i].record->kind == kind &&
			 (member < 0 || room->said[i].member == (unsigned)member);
	return count;
}
