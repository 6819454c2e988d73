#include "tests/model/tally_again.h"
#include "tests/model/tally_room.h"
#include "tests/model/tally_world.h"

#include <string.h>

enum { NOBODY = -1, AGAIN_MS = WORLD_LATE_MS + 1000 };

static struct room room;
static const struct world_record *call;

/* What members know of the tally that failed. */
struct before {
	bool proposal;  /* P */
	unsigned named; /* seats from the first on whose QUITs name it; the others quit without */
	unsigned quits; /* seats that quit */
	int informed;   /* if a member: its QUITs name it, all others' do not */
};

/* What the convenor says before it calls again. */
static void close_as_failed(struct kl_tallies *book)
{
	const struct kl_tally_close close = {.tally = *world_tally(), .outcome = KL_CLOSE_FAILED};
	struct kl_tally_view view;
	struct kl_bytes payload;
	struct kl_writer w;

	KL_ASSERT(kl_tallies_view(book, world_tally(), &view) == KL_OK);
	kl_writer_init(&w);
	kl_tally_close_write(&w, &close);
	KL_ASSERT(kl_writer_bytes(&w, &payload) == KL_OK);
	(void)world_feed(book, world_record(&view.convenor, KL_KIND_TALLY_CLOSE, payload),
		WORLD_NOW_MS, WORLD_LATE_MS);
	kl_writer_deinit(&w);
}

static void know(struct kl_tallies *book, const struct before *before, unsigned member)
{
	static const struct world_votes for_it = {{1, 0}}, for_nothing;
	bool knows = before->informed == NOBODY || before->informed == (int)member;

	for (unsigned part = 0; before->proposal && part < world_parts(0, 0); part++)
		(void)world_feed(book, world_proposal(0, 0, part), WORLD_NOW_MS, WORLD_LATE_MS);
	for (unsigned seat = 1; seat <= before->quits; seat++)
		(void)world_feed(book,
			world_quit(seat, knows && seat <= before->named ? for_it : for_nothing),
			WORLD_NOW_MS, WORLD_LATE_MS);
	close_as_failed(book);
}

/* What it answered to the first tally, as it was kept. */
static void keep(struct kl_tallies *book)
{
	const int16_t bins[] = {1, 1};
	struct kl_tally_event event = {.kind = KL_TALLY_ANSWERS, .tally = *world_tally()};

	event.u.answers.bins = bins;
	event.u.answers.count = sizeof(bins) / sizeof(bins[0]);
	(void)world_step(book, &event, WORLD_NOW_MS, WORLD_LATE_MS);
}

static void check_failed(const struct kl_tallies *book)
{
	struct kl_tally_view view;

	KL_ASSERT(kl_tallies_view(book, world_tally(), &view) == KL_OK);
	WORLD_CHECK(view.state == KL_TALLY_ENDED_FAILED, "the first tally is %s",
		kl_tally_state_name(view.state));
}

/* The last member declines. */
static void hold(const struct before *before)
{
	/* A convenor that leaves out what was voted for. */
	struct before convenor = {.quits = before->quits, .informed = NOBODY};
	struct kl_tallies *book = world_book(1, true, false);

	memset(&room, 0, sizeof(room));
	room.count = world_members();
	room.declines[room.count - 1] = true;
	room.bin = 1;
	room.now_ms = WORLD_NOW_MS;
	room.wall_ms = AGAIN_MS;
	know(book, &convenor, 0);
	call = world_call(book, AGAIN_MS);
	kl_tallies_destroy(book);
	for (unsigned i = 0; i < room.count; i++) {
		room.ids[i] = world_member(i);
		room.books[i] = world_book(world_seat_of(i), true, true);
		know(room.books[i], before, i);
		keep(room.books[i]);
		(void)world_tell(room.books[i], KL_TALLY_READY, WORLD_NOW_MS, WORLD_LATE_MS);
		check_failed(room.books[i]);
	}
	room_run(&room, call, 2);
}

static void leave(void)
{
	for (unsigned i = 0; i < room.count; i++)
		kl_tallies_destroy(room.books[i]);
}

/* Rows of what was proposed; -1: nothing was. */
static int rows(void)
{
	struct kl_tally_propose propose;
	int count = -1;

	for (unsigned i = 0; i < room.said_count && count < 0; i++) {
		if (room.said[i].record->kind != KL_KIND_TALLY_PROPOSE)
			continue;
		KL_ASSERT(kl_tally_propose_read(room.said[i].record->payload, &propose) == KL_OK);
		count = propose.row_count;
		kl_tally_propose_deinit(&propose);
	}
	return count;
}

static unsigned voters(void)
{
	return room_count(&room, KL_KIND_TALLY_VOTE, NOBODY);
}

static void check_who_holds_it(void)
{
	const struct kl_committee *c = world_committee();

	hold(&(struct before){true, c->qv, c->qv, NOBODY});
	WORLD_CHECK(rows() == 0, "the second tally releases %d sums beside the first", rows());
	WORLD_CHECK(voters() >= c->qv, "the second tally is held up by nothing");
	leave();
}

static void check_who_lacks_it(void)
{
	const struct kl_committee *c = world_committee();

	hold(&(struct before){false, c->qv, c->qv, NOBODY});
	WORLD_CHECK(rows() < 0 && voters() == 0,
		"what was voted for in a failed tally is not here, and %d sums are proposed, %u "
		"vote",
		rows(), voters());
	for (unsigned part = 0; part < world_parts(0, 0); part++)
		room_hear(&room, &call->id, world_proposal(0, 0, part));
	WORLD_CHECK(rows() == 0 && voters() >= c->qv,
		"it has come, and %d sums are proposed, %u vote", rows(), voters());
	leave();
}

/* All others were told that it was not voted for. */
static void check_who_votes(void)
{
	const struct kl_committee *c = world_committee();
	bool asked = false;

	for (int member = 0; member < (int)world_members() && !asked; member++) {
		hold(&(struct before){false, c->qv, c->qv, member});
		asked = room_count(&room, KL_KIND_TALLY_PROPOSE, NOBODY) > 0;
		WORLD_CHECK(room_count(&room, KL_KIND_TALLY_VOTE, member) == 0,
			"a seat votes that lacks what was voted for in a failed tally");
		leave();
	}
	WORLD_CHECK(asked, "nobody proposes");
}

/* f seats name what does not exist, and all honest ones have quit. */
static void check_lies(void)
{
	const struct kl_committee *c = world_committee();

	hold(&(struct before){false, c->t - 1U, c->n, NOBODY});
	WORLD_CHECK(rows() > 0 && voters() >= c->qv,
		"%u QUITs that lie hold up the next tally: %d rows, %u vote", c->t - 1U, rows(),
		voters());
	leave();
}

void again_check(void)
{
	check_who_holds_it();
	check_who_lacks_it();
	check_who_votes();
	check_lies();
}
