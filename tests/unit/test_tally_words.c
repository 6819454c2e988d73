/* What is said of a tally, over views that were made up. */
#include "core/day.h"
#include "daemon/tally_words.h"
#include "tests/unit/harness.h"

#define DAY UINT64_C(86400000)

enum { SEATS = 7, MEMBERS = 8 };

static struct kl_tally_call call;
static struct kl_tally_roster roster;
static struct kl_tally_view view;
static struct kl_told told;
static struct kl_sentences said;

static const char *const names[] = {"Alder", "Beech", "Cedar", "Dogwood", "Elm", "Fir", "Gorse"};

/* Called on a Monday: four days to contribute, four to decide; seven seats, eight members. */
static int set_up(void **state)
{
	(void)state;
	call = (struct kl_tally_call){.contribute_ms = 4 * DAY, .decide_ms = 4 * DAY};
	roster = (struct kl_tally_roster){.count = MEMBERS};
	view = (struct kl_tally_view){.call = &call, .roster = &roster, .why = ""};
	assert_int_equal(kl_committee_of(SEATS, &view.committee), 0);
	view.called_ms = (uint64_t)kl_day_from(2026, 11, 30) * DAY;
	view.contribute_until_ms = view.called_ms + 4 * DAY;
	view.decide_until_ms = view.called_ms + 8 * DAY;
	told = (struct kl_told){.view = &view, .said_nothing = MEMBERS};
	told.clock.now_ms = view.called_ms;
	for (unsigned j = 0; j < SEATS; j++)
		told.names[j] = names[j];
	return 0;
}

static uint16_t from_to(unsigned from, unsigned to)
{
	return (uint16_t)(((1U << to) - 1) & ~((1U << from) - 1));
}

/* How many of the first seats have taken them, listed, voted and opened; the others of those that have taken
 * theirs still can. */
static void go_on(unsigned accepted, unsigned listed, unsigned voted, unsigned opened)
{
	const struct kl_committee *c = &view.committee;
	struct kl_tally_progress *p = &told.progress;

	for (unsigned j = 0; j < SEATS; j++) {
		view.seats[j].accepted = j < accepted;
		view.seats[j].intake = j < listed;
		view.seats[j].voted = view.seats[j].voted_now = j < voted;
		view.seats[j].opened = j < opened;
	}
	*p = (struct kl_tally_progress){.attempt_open = true, .leader = 1};
	p->accept = (struct kl_tally_need){(uint8_t)accepted, c->qa, from_to(accepted, SEATS)};
	p->intake = (struct kl_tally_need){(uint8_t)listed, c->qa, from_to(listed, accepted)};
	p->vote = (struct kl_tally_need){(uint8_t)voted, c->qv, from_to(voted, accepted)};
	p->open = (struct kl_tally_need){(uint8_t)opened, c->qa, from_to(opened, accepted)};
	p->skip.need = p->quit.need = c->qv;
	p->wait = listed < c->qa ? KL_WAIT_INTAKES : voted ? KL_WAIT_VOTES : KL_WAIT_PROPOSAL;
}

/* Everybody was heard of just now. */
static void hear(void)
{
	for (unsigned j = 0; j < SEATS; j++)
		view.seats[j].last_ms = told.clock.now_ms - 1000;
}

static void says(const char *sentence)
{
	for (size_t i = 0; i < said.count; i++)
		if (!strcmp(said.text[i], sentence))
			return;
	for (size_t i = 0; i < said.count; i++)
		print_message("# said: %s\n", said.text[i]);
	fail_msg("not said: %s", sentence);
}

static void tell(void)
{
	kl_tally_words(&told, &said);
}

static bool mentions(const char *words)
{
	for (size_t i = 0; i < said.count; i++)
		if (strstr(said.text[i], words))
			return true;
	return false;
}

static void while_members_contribute(void **state)
{
	(void)state;
	go_on(5, 0, 0, 0);
	view.contributors = 5;
	view.decliners = 1;
	told.said_nothing = 2;
	told.waited[0] = "Member H";
	told.waited[1] = "Member I";
	tell();
	says("Members may contribute until Friday.");
	says("Five of eight members have contributed, and one has declined.");
	says("Member H and Member I have said nothing yet.");
	says("Seats 6 (Fir) and 7 (Gorse) have not been taken yet; contributions leave as soon as "
	     "all are, or from 08:00 tomorrow on if at least five of the seven are.");
	told.said_nothing = 0;
	told.clock.now_ms += 3 * DAY;
	tell();
	says("Everybody has answered: nobody waits for the clock.");
	says("Seats 6 (Fir) and 7 (Gorse) were not taken in time: the tally goes on without them, "
	     "and the answers of members who sit are not counted.");
	go_on(6, 0, 0, 0);
	tell();
	says("Seat 7 (Gorse) was not taken in time: the tally goes on without it.");
}

/* Three machines were off at the call, and four seats have given up since. */
static void too_few_seats_were_taken(void **state)
{
	(void)state;
	go_on(4, 0, 0, 0);
	view.doomed = view.may_contribute = view.agreed = true;
	view.withdrawers = 1;
	told.clock.now_ms += 2 * DAY;
	told.progress.wait = KL_WAIT_QUITS;
	told.progress.quit = (struct kl_tally_need){4, 5, from_to(4, 7)};
	tell();
	says("Only four of the seven seats were taken in time, and five are needed: nothing is "
	     "counted, and nothing is opened.");
	says("It has failed, and may be called again, once five seats have given up; four have so "
	     "far.");
	says("Waited for: seats 5 (Elm), 6 (Fir) and 7 (Gorse). A machine gives its seat up by "
	     "itself as soon as it runs and is in touch: one of these has to come back, be it for "
	     "a minute.");
	says("You had agreed, but your shares have not left: nothing of yours is in it.");
	assert_false(mentions("may contribute"));
	assert_false(mentions("leave"));
	assert_false(mentions("keep this machine"));
	told.clock.now_ms = view.contribute_until_ms + DAY;
	tell();
	assert_false(mentions("lists what it holds"));
	view.agreed = false;
	tell();
	says("You have said nothing: nothing of yours is in it.");
}

static void what_stands_in_the_way_of_a_call(void **state)
{
	char out[KL_SENTENCE_MAX];

	(void)state;
	go_on(7, 0, 0, 0);
	kl_tally_end_words(&told, out);
	assert_string_equal(out,
		"members may contribute until Friday, and its committee may decide "
		"until 8 December");
	view.state = KL_TALLY_DECIDING;
	told.clock.now_ms = view.contribute_until_ms + DAY;
	kl_tally_end_words(&told, out);
	assert_string_equal(out, "its committee may decide until Tuesday");
	view.doomed = true;
	told.progress.quit = (struct kl_tally_need){4, 5, from_to(6, 7)};
	kl_tally_end_words(&told, out);
	assert_string_equal(out,
		"too few of its seats were taken in time, and it has failed once five seats have "
		"given up; four have. Waited for: seat 7 (Gorse). A machine gives its seat up by "
		"itself as soon as it runs and is in touch: this one has to come back, be it for a "
		"minute.");
	view.doomed = false;
	told.progress.wait = KL_WAIT_QUITS;
	told.progress.quit = (struct kl_tally_need){0, 5, from_to(2, 7)};
	kl_tally_end_words(&told, out);
	assert_non_null(strstr(out, "found no agreement in time"));
	assert_non_null(strstr(out, "all of these have to come back"));
	view.certified = true;
	kl_tally_end_words(&told, out);
	assert_non_null(strstr(out, "has not arrived here yet"));
}

static void before_it_may_begin(void **state)
{
	(void)state;
	view.gate = KL_GATE_EARLIER;
	view.why = "an earlier tally for the same question and period has not ended";
	tell();
	says("Nobody takes part yet: an earlier tally for the same question and period has not "
	     "ended.");
	view.state = KL_TALLY_INVALID;
	view.why = "it names another roster than the one in force";
	view.own_seat = 0;
	tell();
	says("The call breaks a rule, and nobody takes part: it names another roster than the one "
	     "in "
	     "force.");
	assert_int_equal(said.count, 1);
}

static void a_silent_seat_and_what_goes_on_without_it(void **state)
{
	(void)state;
	view.state = KL_TALLY_DECIDING;
	told.clock.now_ms = view.contribute_until_ms + 2 * DAY;
	go_on(7, 7, 4, 0);
	hear();
	view.seats[6].last_ms = told.clock.now_ms - 2 * DAY - 1;
	tell();
	says("Four of the five votes that a proposal needs are here.");
	says("Waited for: seats 5 (Elm), 6 (Fir) and 7 (Gorse).");
	says("Seat 7 (Gorse) has been silent for two days; voting can go on without it.");
	says("If it has not agreed by Tuesday, it gives up, and nothing is opened.");

	view.seats[5].last_ms = view.seats[4].last_ms = told.clock.now_ms - DAY;
	tell();
	says("Seats 5 (Elm), 6 (Fir) and 7 (Gorse) have been silent for at least a day; voting "
	     "needs "
	     "one of them.");
	go_on(7, 7, 2, 0);
	tell();
	says("Seats 5 (Elm), 6 (Fir) and 7 (Gorse) have been silent for at least a day; voting "
	     "needs "
	     "one of them.");
	go_on(5, 5, 4, 0);
	tell();
	says("Seat 5 (Elm) has been silent for a day; voting needs it.");
	go_on(7, 7, 5, 0);
	tell();
	assert_false(mentions("Waited for"));
	assert_false(mentions("silent"));
	go_on(7, 7, 2, 0);
	view.own_seat = 5; /* this member is not silent to itself */
	view.seats[5].last_ms = view.seats[6].last_ms = told.clock.now_ms;
	tell();
	assert_false(mentions("silent"));
}

/* Who was not heard of since the call has been silent since then. */
static void a_seat_that_never_spoke(void **state)
{
	(void)state;
	go_on(6, 0, 0, 0);
	told.clock.now_ms += DAY;
	hear();
	view.seats[6].last_ms = 0;
	tell();
	says("Seat 7 (Gorse) has not been taken yet; contributions leave as soon as all are, or "
	     "from 08:00 today on if at least five of the seven are.");
	assert_false(mentions("silent")); /* enough have taken theirs */
	go_on(4, 0, 0, 0);
	tell();
	says("Seat 7 (Gorse) has been silent for a day; the tally can go on without it.");
}

static void lists_of_what_is_held(void **state)
{
	(void)state;
	view.state = KL_TALLY_DECIDING;
	told.clock.now_ms = view.contribute_until_ms + DAY;
	go_on(7, 1, 0, 0);
	hear();
	tell();
	says("Each seat lists what it holds: one of the five that are needed has.");
	assert_true(mentions("Waited for: seats 2, 3, 4, 5, 6 and 7."));
}

/* A proposal that a QUIT of an earlier tally names has not come: nobody can tell what was opened. */
static void what_an_earlier_tally_may_have_opened(void **state)
{
	(void)state;
	view.state = KL_TALLY_DECIDING;
	told.clock.now_ms = view.contribute_until_ms + DAY;
	go_on(7, 7, 0, 0);
	hear();
	tell();
	assert_false(mentions("has not arrived"));
	told.progress.lacks_earlier = true;
	memset(told.progress.lacks_of.b, 0xab, KL_ID_BYTES);
	tell();
	says("Something that tally abababab may have opened before it ended has not arrived here: "
	     "a "
	     "proposal that its seats name, or a list that it rests on. Until it has, this member "
	     "neither proposes nor votes; it comes by itself once whoever holds it is in touch.");
}

static void one_attempt_after_the_other(void **state)
{
	(void)state;
	view.state = KL_TALLY_DECIDING;
	told.clock.now_ms = view.contribute_until_ms + DAY;
	go_on(7, 7, 0, 0);
	hear();
	tell();
	says("Seat 1 (Alder) leads, and has not proposed yet who is in.");
	view.seats[0].last_ms = told.clock.now_ms - DAY;
	told.progress.skip.have = 2;
	tell();
	says("Seat 1 (Alder) has been silent for a day; the others pass it over by themselves, and "
	     "seat "
	     "2 (Beech) leads the next attempt.");
	says("Two of the five seats that it takes have passed this attempt over: then seat 2 "
	     "(Beech) "
	     "leads the next.");
	told.progress.attempt = 1;
	told.progress.leader = 2;
	told.progress.skip.have = 0;
	told.progress.wait = KL_WAIT_VOTES;
	tell();
	says("The second attempt is led by seat 2 (Beech), since the first found no agreement in "
	     "time.");
	says("None of the five votes that a proposal needs are here.");
	told.progress.attempt = 7;
	told.progress.leader = 1;
	tell();
	says("The eighth attempt is led by seat 1 (Alder), since the seventh found no agreement in "
	     "time.");
	told.clock.now_ms = view.decide_until_ms + 1;
	told.progress.wait = KL_WAIT_QUITS;
	told.progress.quit = (struct kl_tally_need){3, 5, from_to(3, 7)};
	tell();
	says("Its time to decide has passed; three of the five seats that it takes have given up.");
	says("Waited for: seats 4 (Dogwood), 5 (Elm), 6 (Fir) and 7 (Gorse).");
}

/* It waits for lists, as it may: nobody passes it over, and who is away is named. */
static void a_leader_that_waits_for_lists(void **state)
{
	(void)state;
	view.state = KL_TALLY_DECIDING;
	told.clock.now_ms = view.contribute_until_ms + DAY / 2;
	go_on(7, 7, 0, 0);
	hear();
	view.seats[1].intake = view.seats[5].intake = false;
	told.progress.lists_out = 0x22;
	told.progress.lists_left_ms = DAY / 2;
	view.seats[0].last_ms = 0; /* but there is a link */
	told.linked_ms[0] = told.clock.now_ms;
	view.seats[1].last_ms = told.clock.now_ms - DAY;
	tell();
	says("Seat 1 (Alder) leads, and proposes who is in once it has the lists of seats 2 "
	     "(Beech) and 6 (Fir), or without them from 00:00 tomorrow on.");
	says("Seat 2 (Beech) has been silent for a day; the tally can go on without it.");
	assert_false(mentions("Seat 1 (Alder) has been silent"));
	assert_false(mentions("pass it over"));
	/* Now it may propose, and others are silent. */
	told.progress.lists_out = 0;
	tell();
	says("Seat 1 (Alder) leads, and has not proposed yet who is in.");
	says("Seat 2 (Beech) has been silent for a day; voting can go on without it.");
	assert_false(mentions("pass it over"));
	view.seats[0].quit = true;
	tell();
	says("Seat 1 (Alder) would lead, but has given up; the others pass it over by themselves, "
	     "and seat 2 (Beech) leads the next attempt.");
	assert_false(mentions("has not proposed"));
}

static void while_sums_are_opened(void **state)
{
	(void)state;
	view.state = KL_TALLY_CERTIFIED;
	view.certified = true;
	told.clock.now_ms = view.contribute_until_ms + DAY;
	go_on(7, 7, 7, 1);
	hear();
	tell();
	says("Certified: which sums are opened is fixed, and the committee opens them.");
	says("One of the seats has opened its sums; with five they are sure, whoever lies.");
	assert_true(mentions("Waited for: seats 2, 3, 4, 5, 6 and 7."));
	view.seats[6].last_ms = told.clock.now_ms - 2 * DAY;
	tell();
	says("Seat 7 (Gorse) has been silent for two days; opening can go on without it.");
	go_on(7, 7, 7, 5);
	tell();
	says("Five of the seats have opened its sums; with five they are sure, whoever lies.");
	assert_false(mentions("Waited for"));
}

static void seats_that_were_false(void **state)
{
	(void)state;
	view.state = KL_TALLY_CLOSED;
	view.certified = true;
	view.seats[3].liar = true;
	tell();
	says("What seat 4 (Dogwood) opened does not fit the others' sums; the result stands "
	     "without "
	     "it.");
	view.seats[0].conflict = view.seats[1].conflict = view.seats[1].proven = true;
	tell();
	says("Seat 2 (Beech) said two different things, which everybody can see, and is barred "
	     "from "
	     "the committees of the next four calls.");
	says("Seat 1 (Alder) said two different things; once a seat or the convenor has shown both "
	     "to "
	     "everybody, it is barred.");
}

static void how_it_ended(void **state)
{
	(void)state;
	view.state = KL_TALLY_CLOSED;
	view.certified = true;
	told.openings.released = 13;
	told.openings.withheld = 4;
	tell();
	says("It has ended: 13 sums are shown by keeplocal benchmark, and four withheld.");
	told.openings.unconfirmed = 2;
	told.openings.unconfirmed_by = 0x07;
	told.openings.spoilt = 1;
	tell();
	says("Two sums are unconfirmed: only seats 1 (Alder), 2 (Beech) and 3 (Cedar) stand behind "
	     "them, and nothing would show it if they were wrong together.");
	says("One sum is void: the seats' parts do not fit together, and nothing is guessed.");
	told.openings = (struct kl_told_openings){0};
	view.contributors = 0;
	tell();
	says("It has ended, and nothing is shown: nobody contributed.");
	view.contributors = 3;
	tell();
	says("It has ended, and nothing could be shown: every cohort was too small, or could have "
	     "been subtracted.");
}

/* Five of seven listed: each seat's own answer had four replies of the five that it needs. */
static void what_it_costs_that_seats_stayed_away(void **state)
{
	(void)state;
	view.state = KL_TALLY_CLOSED;
	view.certified = view.may_contribute = view.contributed = true;
	view.own_seat = 1;
	for (unsigned j = 0; j < SEATS; j++)
		view.seats[j].member.b[0] = (uint8_t)(j + 1);
	go_on(7, 5, 5, 5);
	view.contributors = 6;
	told.not_counted = 3;
	tell();
	says("It has ended, and nothing could be shown: three of six contributions are not "
	     "counted, and of those that are every cohort was too small, or could have been "
	     "subtracted.");
	says("Seats 6 (Fir) and 7 (Gorse) stayed away, so the answers of members who sit are not "
	     "counted: no seat speaks for its own member, which leaves the replies of four "
	     "others, and five are needed.");
	says("You have contributed, but it is not counted: your own seat cannot speak for it, and "
	     "too few others listed what they hold.");
	go_on(7, 6, 6, 6);
	tell();
	assert_false(mentions("stayed away"));
	assert_false(mentions("your own seat"));
	/* While it can still be helped. */
	view.state = KL_TALLY_DECIDING;
	view.certified = view.contributed = false;
	told.clock.now_ms = view.contribute_until_ms + DAY;
	go_on(7, 3, 0, 0);
	hear();
	view.seats[5].last_ms = view.seats[6].last_ms = told.clock.now_ms - DAY;
	tell();
	says("If they stay away, the answers of members who sit are not counted.");
	view.seats[5].last_ms = told.clock.now_ms;
	tell();
	assert_false(mentions("members who sit"));
}

static void why_it_failed(void **state)
{
	(void)state;
	view.state = KL_TALLY_ENDED_FAILED;
	go_on(5, 5, 4, 0);
	for (unsigned j = 0; j < 5; j++)
		view.seats[j].quit = true;
	tell();
	says("It failed: five of the seven seats gave up, because no proposal found the five votes "
	     "that it needs in time.");
	says("Nothing was opened. It may be called again; whoever contributed would answer the "
	     "same "
	     "again.");
	told.progress.attempt = 2;
	tell();
	says("It failed: five of the seven seats gave up, because no proposal found the five votes "
	     "that it needs in time, in three attempts.");
	go_on(5, 3, 0, 0);
	told.convenes = true;
	tell();
	says("It failed: five of the seven seats gave up, because only three of them listed what "
	     "they "
	     "hold, and five have to.");
	assert_true(mentions("called again (keeplocal tally call)"));
	go_on(3, 0, 0, 0);
	tell();
	assert_true(mentions("because only three of its seats were taken, and five are needed."));
}

static void stuck(void **state)
{
	(void)state;
	view.state = KL_TALLY_STUCK;
	go_on(7, 7, 3, 0);
	for (unsigned j = 0; j < 4; j++)
		view.seats[j].quit = true;
	told.progress.quit = (struct kl_tally_need){4, 5, from_to(4, 7)};
	tell();
	says("It is stuck: its time has passed, and there are neither five votes for one proposal "
	     "nor "
	     "five seats that have given up. Nothing was opened.");
	assert_true(mentions("Waited for: seats 5 (Elm), 6 (Fir) and 7 (Gorse). A machine"));
}

static void what_this_member_owes(void **state)
{
	char out[KL_WHEN_MAX];

	(void)state;
	view.own_seat = 4;
	view.may_contribute = true;
	view.duties = KL_DUTY_ACCEPT | KL_DUTY_OPEN;
	tell();
	says("You were drawn for seat 4, and your machine takes it by itself: keep it running "
	     "until 8 "
	     "December.");
	says("It waits for you until Friday: keeplocal tally contribute, or keeplocal tally "
	     "decline.");
	assert_string_equal(kl_tally_duty_words(&view, out), "seat 4");
	assert_int_equal(kl_tally_duty_until(&view), view.decide_until_ms);

	go_on(7, 0, 0, 0);
	view.duties = KL_DUTY_INTAKE | KL_DUTY_CONTRIBUTE;
	view.agreed = true;
	tell();
	says("You have agreed; your shares leave now: keep this machine running until they have.");
	go_on(6, 0, 0, 0);
	told.clock.now_ms += 3 * DAY;
	tell();
	says("You hold seat 4 until Tuesday: keep this machine running.");
	says("You have agreed; your shares leave when the committee has taken its seats: keep this "
	     "machine running until 00:00 tomorrow.");
	view.own_seat = 0;
	view.duties = KL_DUTY_CONTRIBUTE;
	assert_string_equal(kl_tally_duty_words(&view, out), "your shares leave");
	assert_int_equal(kl_tally_duty_until(&view), view.contribute_until_ms);
	view.duties = 0;
	view.contributed = true;
	tell();
	says("You have contributed.");
	assert_false(mentions("keep this machine"));
	assert_string_equal(kl_tally_duty_words(&view, out), "");
	assert_int_equal(kl_tally_duty_until(&view), 0);
}

static void what_became_of_an_answer(void **state)
{
	(void)state;
	view.may_contribute = view.withdrawn = true;
	view.number = 1;
	view.withdrawers = 2;
	view.contributors = 5;
	told.said_nothing = 0;
	tell();
	says("Two have withdrawn, and may contribute again.");
	says("You have withdrawn: if a seat of the committee lists that in time, nothing of yours "
	     "is "
	     "counted.");
	says("Until Friday you can contribute again, with the same answers (keeplocal tally "
	     "contribute), or say no, so that nobody waits (keeplocal tally decline).");
	assert_false(mentions("nobody waits for the clock"));
	go_on(7, 1, 0, 0);
	tell();
	says("If you contribute again, it will probably not be counted: one of the seven seats has "
	     "already listed what it holds.");
	go_on(7, 3, 0, 0);
	tell();
	assert_true(mentions("it will not be counted: three of the seven seats have"));
	view.number = 3; /* the last */
	tell();
	assert_false(mentions("contribute again, with"));
	view.state = KL_TALLY_CLOSED;
	view.certified = true;
	tell();
	says("You withdrew your contribution, and it is not counted.");
	told.counted = true;
	tell();
	says("You withdrew your contribution, but no seat had listed that in time: it is counted.");
	view.withdrawn = false;
	view.contributed = true;
	tell();
	says("You have contributed.");
	told.counted = false;
	tell();
	assert_true(mentions("not counted: too few seats"));
	told.refused = true;
	tell();
	assert_true(mentions("not counted: its shares did not pass the tests"));
	assert_false(mentions("liar"));
}

static void who_cannot_or_need_not_answer(void **state)
{
	(void)state;
	view.may_contribute = true;
	told.vetoed = 1U << 2;
	tell();
	says("Your veto list refuses seat 3 (Cedar), so nothing of yours leaves: until Friday you "
	     "can say no (keeplocal tally decline), or take the name off the list (keeplocal tally "
	     "veto says where it stands), and contribute then.");
	assert_false(mentions("keeplocal tally contribute"));
	told.declines_ms = view.contribute_until_ms - DAY;
	tell();
	says("Your machine answers by itself, as consent = always says: it contributes as soon as "
	     "it has a figure, and nobody sits whom your veto list refuses, waits for that until "
	     "Thursday, and declines then if it cannot.");
	told.counted_before = true;
	call.period = (struct kl_period){.kind = KL_PERIOD_YEAR, .year = 2026};
	tell();
	says("You were counted for 2026 before, and this call is for those that were not: nothing "
	     "more is taken of you. keeplocal tally decline says so, and nobody waits.");
	assert_false(mentions("veto"));
}

static void a_seat_that_is_done(void **state)
{
	(void)state;
	view.state = KL_TALLY_CERTIFIED;
	view.certified = true;
	view.own_seat = 1;
	go_on(7, 7, 7, 1);
	tell();
	says("Your seat (1) has opened its sums: nothing more is asked of it.");
	view.state = KL_TALLY_DECIDING;
	view.certified = false;
	go_on(7, 7, 0, 0);
	view.seats[0].quit = true;
	view.seats[0].last_ms = view.decide_until_ms;
	tell();
	says("Your seat (1) has given up: it says nothing more in this tally.");
	view.seats[0].last_ms = view.decide_until_ms - 1;
	tell();
	says("Your seat (1) has given up, and says nothing more in this tally: the daemon found no "
	     "key of it (a file in tally/ of its home, which a copy or a backup of the home does "
	     "not have).");
	view.doomed = true;
	tell();
	says("Your seat (1) has given up: it says nothing more in this tally.");
	view.doomed = false;
	go_on(0, 0, 0, 0);
	view.seats[0].quit = false;
	tell();
	says("You were drawn for seat 1, and your machine has not taken it in time: the others go "
	     "on "
	     "without it.");
}

static void whoever_came_later_is_told_so(void **state)
{
	(void)state;
	view.may_contribute = false;
	told.apart =
		"this member was not on the roster when it was called: it can take part in the "
		"next one";
	go_on(0, 0, 0, 0);
	tell();
	says("This member was not on the roster when it was called: it can take part in the next "
	     "one.");
}

/* A name that is as long as one may be, ten times, and cut where a character ends. */
static void long_names_do_no_harm(void **state)
{
	static char name[128];

	(void)state;
	for (size_t i = 0; i + 2 < sizeof name; i += 2)
		memcpy(name + i, "\xc3\xa9", 2);
	for (unsigned j = 0; j < SEATS; j++)
		told.names[j] = name;
	view.state = KL_TALLY_DECIDING;
	for (unsigned n = 1; n <= SEATS; n++) {
		go_on(7, 7, 7 - n, 0);
		told.progress.wait = KL_WAIT_VOTES;
		told.progress.vote.have = 0;
		tell();
		for (size_t i = 0; i < said.count; i++)
			assert_true(kl_bytes_str(said.text[i]).len < KL_SENTENCE_MAX - 1);
		assert_true(mentions("Waited for: seat"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(while_members_contribute, set_up),
		cmocka_unit_test_setup(too_few_seats_were_taken, set_up),
		cmocka_unit_test_setup(what_stands_in_the_way_of_a_call, set_up),
		cmocka_unit_test_setup(a_leader_that_waits_for_lists, set_up),
		cmocka_unit_test_setup(who_cannot_or_need_not_answer, set_up),
		cmocka_unit_test_setup(before_it_may_begin, set_up),
		cmocka_unit_test_setup(a_silent_seat_and_what_goes_on_without_it, set_up),
		cmocka_unit_test_setup(a_seat_that_never_spoke, set_up),
		cmocka_unit_test_setup(lists_of_what_is_held, set_up),
		cmocka_unit_test_setup(what_an_earlier_tally_may_have_opened, set_up),
		cmocka_unit_test_setup(one_attempt_after_the_other, set_up),
		cmocka_unit_test_setup(while_sums_are_opened, set_up),
		cmocka_unit_test_setup(seats_that_were_false, set_up),
		cmocka_unit_test_setup(how_it_ended, set_up),
		cmocka_unit_test_setup(what_it_costs_that_seats_stayed_away, set_up),
		cmocka_unit_test_setup(why_it_failed, set_up),
		cmocka_unit_test_setup(stuck, set_up),
		cmocka_unit_test_setup(what_this_member_owes, set_up),
		cmocka_unit_test_setup(what_became_of_an_answer, set_up),
		cmocka_unit_test_setup(a_seat_that_is_done, set_up),
		cmocka_unit_test_setup(whoever_came_later_is_told_so, set_up),
		cmocka_unit_test_setup(long_names_do_no_harm, set_up),
	};

	return RUN(tests);
}
