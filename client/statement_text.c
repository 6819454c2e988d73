/* The text of the statement. What is not promised is part of it: nothing is left out to please. */
#include "client/amount.h"
#include "client/draw.h"
#include "client/statement.h"

#include <inttypes.h>
#include <string.h>

enum { NAMES_MAX = 1500 };

/* The facts that most sections need. */
struct known {
	const struct kl_value *facts, *tally;  /* tally: NULL if none was called yet */
	uint64_t minimum;                      /* of the tally, or of the charter */
	uint64_t seats, readers, agree, votes; /* 0: no committee is known */
};

static struct known know(const struct kl_value *facts, struct kl_value *tally)
{
	struct known k = {.facts = facts};
	struct kl_value charter;

	if (!kl_get_map(facts, "tally", tally)) {
		k.tally = tally;
		k.minimum = kl_draw_uint(tally, "minimum");
		k.seats = kl_draw_count(tally, "committee");
		k.readers = kl_draw_uint(tally, "readers");
		k.agree = kl_draw_uint(tally, "agree");
		k.votes = kl_draw_uint(tally, "votes");
	} else if (!kl_get_map(facts, "charter", &charter)) {
		k.minimum = kl_draw_uint(&charter, "minimum");
	}
	return k;
}

/* "A, B, C", and how many more there are of those that do not fit. */
static const char *names(const struct kl_value *map, const char *key, char out[NAMES_MAX])
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	size_t left = kl_draw_count(map, key), len = 0;
	struct kl_value item;
	char text[256];

	out[0] = '\0';
	for (; kl_cursor_next(&cursor, &item); left--) {
		if (kl_value_text(&item, text, sizeof text))
			continue;
		if (len + strlen(text) + 32 > NAMES_MAX) {
			(void)snprintf(out + len, NAMES_MAX - len, " and %zu more", left);
			break;
		}
		len += (size_t)snprintf(out + len, NAMES_MAX - len, "%s%s", len ? ", " : "", text);
	}
	return out;
}

/* ---- in short ---------------------------------------------------------------------------------- */

static void write_short(struct kl_statement *s, const struct known *k)
{
	char kind[32];

	kl_statement_heading(s, "short", "In short");
	if (!strcmp(kl_cli_text(k->facts, "kind", "", kind, sizeof kind), "convenor"))
		kl_statement_item(s,
			"We are the convenor of the network: we call tallies, and have "
			"no figures in them. Where this page says \u201cour "
			"figures\u201d, it tells what every member is told of its own.");
	kl_statement_item(s, "A tally adds up members\u2019 figures so that only sums over a whole "
			     "group are ever opened. For it, no figure of ours leaves our "
			     "machine in a form that any single member can read.");
	kl_statement_item(s,
		"Each answer is one mark in a row of ranges. It is cut into shares, each sealed to "
		"one member of a committee. A sum is opened only over %" PRIu64
		" members or more, in wider ranges for smaller groups, and only after the "
		"committee has certified which groups.",
		k->minimum);
	if (k->seats)
		kl_statement_item(s,
			"Fewer than %" PRIu64 " of the %" PRIu64
			" committee members together learn nothing from their shares. %" PRIu64
			" together could read every answer of that tally.",
			k->readers, k->seats, k->readers);
	else
		kl_statement_item(s, "Fewer than three of a committee of five to seven together "
				     "learn nothing from their shares (four of ten); three (four) "
				     "together could read every answer of that tally.");
	kl_statement_item(s, "If two of seven seats stay away (three of ten), the answers of "
			     "members who sit are not counted; of five, none may stay away.");
	kl_statement_item(s, "This has not yet been reviewed by a cryptographer from outside.");
	kl_statement_item(s, "What is not promised stands below, in full.");
}

/* ---- one tally --------------------------------------------------------------------------------- */

static void own_part(const struct kl_value *tally, char out[NAMES_MAX])
{
	const uint64_t seat = kl_draw_uint(tally, "own_seat");

	(void)snprintf(out, NAMES_MAX, "%s%s",
		kl_draw_flag(tally, "own_contributed") ? "we contributed"
						       : "we contributed nothing",
		seat ? "; our machine holds or held a seat on its committee" : "");
}

static void write_windows(struct kl_statement *s, const struct kl_value *tally)
{
	char text[80], state[32];
	const char *now = kl_cli_text(tally, "state", "?", state, sizeof state);
	const bool open = !strcmp(now, "open"), goes_on = open || !strcmp(now, "deciding");

	kl_statement_fact(
		s, "Called", "%s", kl_cli_text(tally, "called_words", "?", text, sizeof text));
	kl_statement_fact(s,
		open ? "Members may contribute until" : "Members could contribute until, at most",
		"%s", kl_cli_text(tally, "contribute_until_words", "?", text, sizeof text));
	kl_statement_fact(s,
		goes_on ? "The committee decides by" : "The committee had to decide by", "%s",
		kl_cli_text(tally, "decide_until_words", "?", text, sizeof text));
}

static void write_committee(struct kl_statement *s, const struct known *k)
{
	char list[NAMES_MAX];

	if (!k->seats)
		return;
	kl_statement_fact(s, "Its committee", "%s", names(k->tally, "committee", list));
	kl_statement_fact(s, "How it was drawn", "%s",
		kl_draw_flag(k->tally, "first")
			? "by lot from those that offer a seat; it was the network\u2019s first "
			  "tally, so the convenor could have influenced that draw"
			: "by lot from those that offer a seat and were members at the call "
			  "before; the lot follows from the result before, at most one member of "
			  "each control group");
	kl_statement_fact(
		s, "Could read every answer", "any %" PRIu64 " of these together", k->readers);
	kl_statement_fact(s, "Needed to certify", "%" PRIu64 " votes for one and the same proposal",
		k->votes);
	kl_statement_fact(s, "Needed for a sure sum",
		"%" PRIu64 " matching parts: then it is right whatever %" PRIu64 " seats do",
		k->agree, k->readers - 1);
}

static void write_questions(struct kl_statement *s, const struct kl_value *tally)
{
	struct kl_cursor cursor = kl_draw_items(tally, "metrics");
	struct kl_value item;
	char name[128];

	kl_statement_para(
		s, "What was asked, and whether we answered, which every member can see:");
	while (kl_cursor_next(&cursor, &item))
		kl_statement_fact(s, kl_cli_text(&item, "name", "?", name, sizeof name), "%s",
			kl_draw_flag(&item, "answered") ? "answered" : "not answered");
}

static void write_tally(struct kl_statement *s, const struct known *k)
{
	char list[NAMES_MAX], id[80], period[32], state[32];
	const struct kl_value *tally = k->tally;

	kl_statement_heading(s, "tally", "The tally that this is about");
	if (!tally) {
		kl_statement_para(s, "No tally has been called in this network yet.");
		return;
	}
	kl_statement_fact(s, "Tally", "%.16s, for %s", kl_cli_text(tally, "id", "?", id, sizeof id),
		kl_cli_text(tally, "period", "?", period, sizeof period));
	kl_statement_fact(
		s, "How far it is", "%s", kl_cli_text(tally, "state", "?", state, sizeof state));
	write_windows(s, tally);
	kl_statement_fact(s, "Smallest group shown", "%" PRIu64 " members that count", k->minimum);
	kl_statement_fact(s, "Took part", "%" PRIu64 " of %" PRIu64 " members",
		kl_draw_uint(tally, "contributors"), kl_draw_uint(tally, "members"));
	kl_statement_fact(s, "Groups asked for", "%s", names(tally, "cohorts", list));
	if (kl_draw_uint(tally, "released") + kl_draw_uint(tally, "withheld"))
		kl_statement_fact(s, "Sums", "%" PRIu64 " opened, %" PRIu64 " withheld",
			kl_draw_uint(tally, "released"), kl_draw_uint(tally, "withheld"));
	write_committee(s, k);
	own_part(tally, list);
	kl_statement_fact(s, "Our part", "%s", list);
	write_questions(s, tally);
}

/* ---- this member -------------------------------------------------------------------------------- */

static void write_contributed(struct kl_statement *s, const struct kl_value *facts)
{
	struct kl_cursor cursor = kl_draw_items(facts, "contributed");
	struct kl_value item;

	if (!kl_draw_count(facts, "contributed"))
		kl_statement_para(s, "We have contributed to no tally.");
	else
		kl_statement_para(s, "What we have contributed to, and when:");
	while (kl_cursor_next(&cursor, &item)) {
		char id[80], period[32], at[64], label[160], state[32];

		(void)snprintf(label, sizeof label, "%.16s, for %s",
			kl_cli_text(&item, "tally", "?", id, sizeof id),
			kl_cli_text(&item, "period", "?", period, sizeof period));
		kl_statement_fact(s, label, "%s%s%s; the tally is %s",
			kl_cli_text(&item, "at_words", "?", at, sizeof at),
			kl_draw_uint(&item, "number") > 1 ? ", after taking an earlier one back"
							  : "",
			kl_draw_flag(&item, "withdrawn") ? ", taken back since" : "",
			kl_cli_text(&item, "state", "?", state, sizeof state));
	}
}

static void write_vetoes(struct kl_statement *s, const struct kl_value *facts)
{
	struct kl_cursor cursor = kl_draw_items(facts, "vetoes");
	char list[NAMES_MAX] = "", veto[160];
	struct kl_value item;
	size_t len = 0;

	while (kl_cursor_next(&cursor, &item) && len + sizeof veto + 32 < sizeof list)
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s%s", len ? ", " : "",
			kl_cli_text(&item, "veto", "?", veto, sizeof veto),
			kl_draw_flag(&item, "fits") ? "" : " (fits no member)");
	kl_statement_fact(s, "Whose seat we refuse", "%s", len ? list : "nobody\u2019s");
}

static void write_member(struct kl_statement *s, const struct known *k)
{
	struct kl_value charter;
	char consent[16], first[KL_SPAN_TEXT_MAX], then[KL_SPAN_TEXT_MAX];

	kl_statement_heading(s, "member", "What we decided, and what we took part in");
	kl_cli_text(k->facts, "consent", "ask", consent, sizeof consent);
	kl_statement_fact(s, "Consent", "%s",
		!strcmp(consent, "always")
			? "standing: our machine answers every tally by itself (consent = always), "
			  "but none while somebody sits whose seat we refuse"
			: "asked for each tally: a person sees what would leave and to whom, and "
			  "says yes or no");
	write_vetoes(s, k->facts);
	kl_statement_fact(s, "Seats", "%s",
		kl_draw_flag(k->facts, "offers_seat") ? "our machine may be drawn for a committee"
						      : "our machine takes no seat");
	if (!kl_get_map(k->facts, "charter", &charter))
		kl_statement_fact(s, "The network\u2019s rules",
			"nothing of fewer than %" PRIu64
			" members; usually %s to contribute and %s to decide",
			kl_draw_uint(&charter, "minimum"),
			kl_span(kl_draw_uint(&charter, "contribute_for_seconds"), first),
			kl_span(kl_draw_uint(&charter, "decide_for_seconds"), then));
	write_contributed(s, k->facts);
}

/* ---- who sees what ------------------------------------------------------------------------------ */

static void write_who(struct kl_statement *s, const struct known *k)
{
	kl_statement_heading(s, "who", "Who sees what");
	kl_statement_item(s,
		"Our own machine: our figures, as before. For a tally it keeps which range each "
		"fell into, since a tally that failed is repeated with the same answers.");
	kl_statement_item(s,
		"Each member of the committee: one sealed share of every answer, which by "
		"itself is random numbers, and sums of such shares. The key that opens it "
		"exists for this tally only and is deleted when its work is done.");
	kl_statement_item(s, "The convenor: calls the tally and sees no figure. It keeps the "
			     "roster, though, and so decides who the others are.");
	kl_statement_item(s, "Every member of the network: who took part, which questions each "
			     "answered, who sits, and the sums that were opened. All of that is "
			     "signed and stays on every member\u2019s machine.");
	kl_statement_item(s, "Whoever runs our machine for us, if it is not ourselves: our "
			     "figures, in full. The software cannot know whether that is so.");
	kl_statement_item(s,
		"Outsiders: nothing, unless a member hands on what it has. Links are encrypted "
		"and open to members of the roster only; that our machine talks to the others can "
		"be seen on the network.");
	kl_statement_item(s,
		"Members that let the same figure be known under their name do not count towards "
		"the %" PRIu64
		", since they hide nobody; members of one control group count as one.",
		k->minimum);
}

/* ---- what is not promised ------------------------------------------------------------------------ */

static void write_committee_limits(struct kl_statement *s, const struct known *k)
{
	if (k->seats && k->seats < 7)
		kl_statement_item(s,
			"With five or six members that offer a seat, all of them sit: those who "
			"could read and those who are read are the same. Two of them who talk to "
			"each other read no answer, but can take their own figures off a sum; "
			"%" PRIu64 " can read every answer. Their names are public before anybody "
			"contributes, and a member can refuse to be counted by somebody (veto).",
			k->readers);
	else if (k->seats)
		kl_statement_item(s,
			"%" PRIu64
			" committee members who work together against the rules can read every "
			"answer of that tally. Their names are public before anybody contributes, "
			"and a member can refuse to be counted by somebody (veto).",
			k->readers);
	else
		kl_statement_item(s, "Committee members who work together against the rules, three "
				     "or four as above, can read every answer of that tally. Their "
				     "names are public before anybody contributes, and a member "
				     "can refuse to be counted by somebody (veto).");
	kl_statement_item(s, "The convenor sees nothing. But a convenor that admits invented "
			     "members could surround somebody with them, or fill a committee. New "
			     "members and new seats are shown before anybody agrees. That "
			     "a member is confirmed means that the convenor admitted it, and no "
			     "more.");
	kl_statement_item(s,
		"At the very first tally the convenor could have influenced who was drawn, and at "
		"one that it calls before the tally called last has a result.");
	kl_statement_item(s,
		"The convenor says in each call who has let a figure be known under its name, and "
		"so "
		"hides nobody. If it leaves somebody out, there is less to hide the others than "
		"the "
		"minimum says; every machine compares that with what it knows, and shows what "
		"differs before anybody agrees.");
}

static void write_sum_limits(struct kl_statement *s, const struct known *k)
{
	kl_statement_item(s, "Everybody sees who took part and which questions they answered. A "
			     "gap can hint at a weak or a missing figure.");
	kl_statement_item(s, "If all members of a group fall into one range, or none falls into "
			     "it, that tells something about each of them. Where one group lies "
			     "within another, the two together give bounds for the rest.");
	kl_statement_item(s,
		"Members who tell each other their own figures can take them off a sum: with two "
		"of them, a group of %" PRIu64 " hides no more than %" PRIu64 ".",
		k->minimum, k->minimum > 2 ? k->minimum - 2 : 0);
	kl_statement_item(s, "A figure that hardly changes can show its change to whoever compares "
			     "two tallies.");
	kl_statement_item(s,
		"Whoever comes later, or was forgotten, is never added to a sum that was "
		"shown: it is counted in a batch apart, with others that came later, "
		"and not at all if these are too few.");
	kl_statement_item(s, "No noise is added to the sums (differential privacy): with fewer "
			     "than 40 members it would destroy the figures, and over many "
			     "questions it promises nothing for the whole.");
	kl_statement_item(s,
		"A published sum cannot be recalled, and it is not changed afterwards. What has "
		"been signed about who took part cannot be taken back either.");
	kl_statement_item(s,
		"No mathematics stops a member from giving a wrong figure within a legal range. "
		"Answers that are no answer at all are found by tests, and left out, unless the "
		"member and a seat of the committee are in league and many other seats are away: "
		"then a sum can be spoilt.");
}

static void write_machine_limits(struct kl_statement *s)
{
	kl_statement_item(s, "Keys and shares are overwritten and deleted. Copies may survive "
			     "below the file system (in a disk\u2019s spare blocks, in snapshots, "
			     "in a backup of the whole machine).");
	kl_statement_item(s, "The sealing would not withstand a large quantum computer: whoever "
			     "keeps sealed shares today and has one later could open them.");
	kl_statement_item(s, "Whoever hosts a member\u2019s machine for it can read that "
			     "member\u2019s figures.");
	kl_statement_item(s,
		"A tally that is neither certified nor given up by enough seats stays stuck for "
		"good, and its question for that period with it: privacy goes before progress.");
	kl_statement_item(s, "No cryptographer from outside has reviewed the protocol "
			     "(\u201cQB1\u201d) or this program yet.");
}

/* ---- questions ----------------------------------------------------------------------------------- */

static void write_roles(struct kl_statement *s)
{
	kl_statement_question(s, "Is this personal data?",
		"The figures are about organisations: money, jobs, scores. The software cannot "
		"tell whether one of them says something about a person, as it may with an anchor "
		"that employs one. Names of members are names of organisations. Please judge this "
		"for your own figures.");
	kl_statement_question(s, "Who is controller, who is processor?",
		"The software knows no such roles. What it knows: each member runs its own machine "
		"and decides by itself whether to contribute; there is no central server and no "
		"operator who sees figures; members of the committee hold sealed shares of others "
		"for a time; the convenor decides who belongs to the network and when a tally is "
		"called. Whether that makes members joint controllers or independent ones has to "
		"be settled by them. Whoever hosts a machine for a member acts for that member.");
	kl_statement_question(s, "What is the lawful basis?",
		"The software does not know, and states none. It asks the person at the machine "
		"before each tally, unless consent = always is set; that is an agreement between "
		"organisations, and not by itself a lawful basis.");
	kl_statement_question(s, "What is it for?",
		"To compare oneself with others: each member can hold its own figure against sums "
		"over groups. The software takes no decision about anybody.");
}

static void write_keeping(struct kl_statement *s)
{
	kl_statement_question(s, "Where is the data?",
		"Sealed shares lie on the machines of all members until the tally has ended; then "
		"they are erased. Sums, names of those who took part and the questions they "
		"answered stay on every member\u2019s machine. In which countries these machines "
		"stand, the software does not know.");
	kl_statement_question(s, "How long is it kept?",
		"Keys of seats, and shares: until the tally has ended; of one that is stuck they "
		"stay until it does. Our own figures: as long as we keep them. Which ranges we "
		"answered: on our machine only, as long as the database is kept, so that a "
		"repeated tally gets the same answer. Records of who took part, and sums: for "
		"good.");
	kl_statement_question(s, "Can it be taken back?",
		"As long as members may contribute (keeplocal tally withdraw), if a seat of the "
		"committee still learns of it in time. Then it is not counted; the seats keep "
		"their sealed shares "
		"of it until the tally has ended. Once a proposal is certified: no.");
	kl_statement_question(s, "Can it be checked?",
		"Yes: everything that the committee said is signed. keeplocal tally audit works "
		"the result out again from these records alone.");
	kl_statement_question(s, "Is an impact assessment needed?",
		"The software cannot say. This page is none; it is meant as material for one.");
}

void kl_statement_write(struct kl_statement *s, const struct kl_value *facts)
{
	struct kl_value tally;
	const struct known k = know(facts, &tally);

	write_short(s, &k);
	write_tally(s, &k);
	write_member(s, &k);
	write_who(s, &k);
	kl_statement_heading(s, "limits", "What is not promised");
	write_committee_limits(s, &k);
	write_sum_limits(s, &k);
	write_machine_limits(s);
	kl_statement_heading(s, "questions", "What a data-protection officer may ask");
	write_roles(s);
	write_keeping(s);
}
