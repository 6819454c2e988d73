/* lm3 survey: letters and forms to suppliers who have not answered; who was asked is kept. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "client/part_feed.h"
#include "client/survey_files.h"
#include "protocol/doc_answer.h"
#include "protocol/part.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROW_ITEMS = 4, PEOPLE_MAX = 5000 };

/* What the daemon says before anything is written. */
struct survey {
	struct kl_survey_person *people;
	size_t count, room;
	char project[256], member[256], period[32], area[1024], area_name[1024], rating[16];
	uint64_t silent, asked;
	size_t next; /* of those that are told to have been asked */
};

/* ---- who is to be asked -------------------------------------------------------------------- */

static struct kl_survey_person *room_for_one(struct survey *s)
{
	struct kl_survey_person *people;
	size_t room = s->room ? 2 * s->room : 64;

	if (s->count < s->room)
		return &s->people[s->count];
	people = s->count < PEOPLE_MAX ? realloc(s->people, room * sizeof *people) : NULL;
	if (!people)
		return NULL;
	s->people = people;
	s->room = room;
	return &people[s->count];
}

static int take_person(struct survey *s, const struct kl_value *row, struct kl_fault *fault)
{
	struct kl_survey_person *person = room_for_one(s);
	struct kl_cursor values;
	int64_t spend;
	int rc;

	if (!person)
		return kl_fault(fault, KL_E_NOMEM, "no memory for so many suppliers");
	if ((rc = kl_row_open(row, ROW_ITEMS, &values)) ||
		(rc = kl_row_text(&values, false, person->supplier, sizeof person->supplier)) ||
		(rc = kl_row_text(&values, true, person->contact, sizeof person->contact)) ||
		(rc = kl_row_text(&values, true, person->email, sizeof person->email)) ||
		(rc = kl_row_int(&values, &spend)))
		return kl_fault(fault, rc, "the list of suppliers cannot be read");
	s->count++;
	return KL_OK;
}

static int take_part(void *data, const struct kl_value *rows, struct kl_fault *fault)
{
	struct kl_cursor cursor;
	struct kl_value row;
	int rc = kl_part_open(rows->raw, &cursor);

	if (rc)
		return kl_fault(fault, rc, "the list of suppliers cannot be read");
	while (!rc && kl_cursor_next(&cursor, &row))
		rc = take_person(data, &row, fault);
	return rc;
}

static void take_words(struct survey *s, const struct kl_value *answer)
{
	struct kl_value confidence;

	kl_cli_text(answer, "project", "?", s->project, sizeof s->project);
	kl_cli_text(answer, "member", "?", s->member, sizeof s->member);
	kl_cli_text(answer, "period", "?", s->period, sizeof s->period);
	kl_cli_text(answer, "area", "?", s->area, sizeof s->area);
	kl_cli_text(answer, "area_name", "", s->area_name, sizeof s->area_name);
	strcpy(s->rating, "?");
	if (!kl_get_map(answer, "confidence", &confidence))
		kl_cli_text(&confidence, "rating", "?", s->rating, sizeof s->rating);
	s->silent = kl_draw_uint(answer, "silent");
	s->asked = kl_draw_uint(answer, "asked");
}

static int fetch(struct kl_cli *cli, struct survey *s)
{
	struct kl_value answer;
	struct kl_pack pack;
	bool given = false;
	uint64_t top = 0;
	int rc = kl_args_uint(&cli->args, "top", UINT32_MAX, &cli->fault, &given, &top);

	if (rc)
		return rc;
	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	kl_pack_bool(&pack, "again", kl_args_flag(&cli->args, "again"));
	if (given)
		kl_pack_int(&pack, "top", (int64_t)top);
	rc = kl_cli_download(cli, "lm3 survey", &pack, take_part, s, &answer);
	kl_pack_deinit(&pack);
	if (rc)
		return rc;
	take_words(s, &answer);
	if (s->count)
		return KL_OK;
	kl_fault(&cli->fault, KL_E_NOT_FOUND,
		s->silent ? "everybody who is silent was asked already"
			  : "nobody is left to be asked");
	return s->silent ? kl_fault_hint(&cli->fault, "--again writes to them once more")
			 : KL_E_NOT_FOUND;
}

/* ---- files --------------------------------------------------------------------------------- */

static const char *option(const struct kl_cli *cli, const char *name, const char *otherwise)
{
	const char *given = kl_args_option(&cli->args, name);

	return given ? given : otherwise;
}

/* "Calderdale (E08000033), Bradford (E08000032)" without the codes, which say little to a supplier. */
static void without_codes(const char *names, char *out, size_t size)
{
	size_t n = 0;

	while (*names && n + 1 < size) {
		if (!strncmp(names, " (", 2))
			names += strcspn(names, ")");
		else
			out[n++] = *names;
		names += *names != '\0';
	}
	out[n] = '\0';
}

/* How the area is called in a letter, where nobody said it. */
static const char *area_words(const struct survey *s, char *out, size_t size)
{
	const char *area = s->area;
	size_t codes = strcspn(area, " ");

	if (s->area_name[0])
		without_codes(s->area_name, out, size);
	else if (strstr(area, "km "))
		snprintf(out, size, "the area within %.*s of us", (int)codes, area);
	else if (strspn(area + 1, "0123456789") >= 8)
		snprintf(out, size, "our council area%s (%s)", area[codes] ? "s" : "", area);
	else
		snprintf(out, size, "the postcode district%s %s", area[codes] ? "s" : "", area);
	return out;
}

static const char *today(char out[40])
{
	time_t now = time(NULL);
	struct tm tm;

	if (!localtime_r(&now, &tm) || !strftime(out, 40, "%e %B %Y", &tm))
		return "";
	return out[0] == ' ' ? out + 1 : out;
}

static void show_progress(void *data, size_t done, size_t total)
{
	kl_progress_show(data, done, total, "writing letters");
}

static int write_files(struct kl_cli *cli, const struct survey *s)
{
	char area[1100], date[40];
	struct kl_survey_plan plan = {.folder = kl_args_option(&cli->args, "out"),
		.csv = kl_args_flag(&cli->args, "csv"),
		.people = s->people,
		.count = s->count,
		.progress = show_progress,
		.data = &cli->progress};
	int rc;

	plan.letter = (struct kl_letter){.from = s->member,
		.signer = option(cli, "sign", ""),
		.project = s->project,
		.period = s->period,
		.area = option(cli, "place", area_words(s, area, sizeof area)),
		.date = today(date),
		.reply_to = option(cli, "reply-to", ""),
		.by = option(cli, "by", "")};
	kl_progress_init(&cli->progress, cli->err);
	rc = kl_survey_write(&plan, &cli->fault);
	kl_progress_clear(&cli->progress);
	return rc;
}

/* ---- who was asked ------------------------------------------------------------------------- */

static int next_asked(void *data, struct kl_writer *row, struct kl_fault *fault)
{
	struct survey *s = data;

	(void)fault;
	if (s->next == s->count)
		return 0;
	kl_doc_asked_encode(row, s->people[s->next++].supplier);
	return 1;
}

static int feed(void *data, struct kl_writer *rows, struct kl_fault *fault)
{
	return kl_part_feed_next(data, rows, fault);
}

static int tell_daemon(struct kl_cli *cli, struct survey *s)
{
	struct kl_part_feed rows;
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	kl_part_feed_init(&rows, next_asked, s);
	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", s->project);
	kl_pack_text(&pack, "file", "letters");
	rc = kl_cli_upload(cli, "lm3 asked", &pack, feed, &rows, 0, "who was asked", &answer);
	kl_pack_deinit(&pack);
	kl_part_feed_deinit(&rows);
	return rc;
}

/* ---- the answer ---------------------------------------------------------------------------- */

static int print_json(struct kl_cli *cli, const struct survey *s)
{
	struct kl_bytes bytes;
	struct kl_value map;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_write_map(&w, 6);
	kl_put_text(&w, "project", s->project);
	kl_put_text(&w, "out", kl_args_option(&cli->args, "out"));
	kl_put_uint(&w, "letters", s->count);
	kl_put_uint(&w, "silent", s->silent);
	kl_put_uint(&w, "asked_before", s->asked);
	kl_put_text(&w, "rating", s->rating);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_value_open(bytes, &map);
	rc = rc ? kl_fault(&cli->fault, rc, "no memory for the answer") : kl_cli_json(cli, &map);
	kl_writer_deinit(&w);
	return rc;
}

static void print_words(struct kl_cli *cli, const struct survey *s)
{
	const char *out = kl_args_option(&cli->args, "out");
	const char *form = kl_args_flag(&cli->args, "csv") ? "csv" : "xlsx";
	char word[KL_DRAW_TEXT_MAX];

	fprintf(cli->out, "%s: %zu letter%s in %s; it is kept who was asked, and when\n\n",
		s->project, s->count, s->count == 1 ? "" : "s", out);
	fprintf(cli->out,
		"  letters/         to be printed or mailed first, best with a line of your own\n"
		"  forms/           to be sent some days later, and sent back by the supplier\n"
		"  mail-merge.csv   contact, e-mail, supplier and both files, for a mail program\n"
		"  answers.%-8s for answers that come by phone or on paper\n",
		form);
	if (!kl_args_option(&cli->args, "place") && !s->area_name[0])
		fputs("\n  The letters call the area by its code: --place \"...\" says what people "
		      "call "
		      "it.\n",
			cli->out);
	fprintf(cli->out,
		"\nNext:\n"
		"  keeplocal lm3 import %s answers FILE..   takes in what comes back\n"
		"  keeplocal undo                           if the letters are not sent after "
		"all\n",
		kl_draw_word(s->project, word));
}

static int run(struct kl_cli *cli)
{
	struct survey s = {.people = NULL};
	const char *out = kl_args_option(&cli->args, "out");
	int rc;

	if (!out) {
		kl_fault(&cli->fault, KL_E_USAGE, "--out is missing: where shall the letters go?");
		return kl_fault_hint(&cli->fault, "--out FOLDER, a new one");
	}
	rc = kl_survey_check_folder(out, &cli->fault);
	if (!rc)
		rc = fetch(cli, &s);
	if (!rc) {
		rc = write_files(cli, &s);
		if (rc && !cli->fault.hint[0])
			kl_fault_hint(&cli->fault,
				"nobody is noted as asked; remove %.100s and try again", out);
	}
	if (!rc)
		rc = tell_daemon(cli, &s);
	if (!rc && cli->json)
		rc = print_json(cli, &s);
	else if (!rc)
		print_words(cli, &s);
	free(s.people);
	return rc;
}

static const struct kl_option options[] = {
	{"out", "FOLDER", "a new folder for letters, forms and tables"},
	{"top", "N", "only the N with whom most was spent (at most 5000)"},
	{"again", NULL, "also to those who were asked before"},
	{"place", "TEXT", "what people call the area: \"Calderdale\""},
	{"sign", "TEXT", "who signs: \"Jo Example, finance officer\""},
	{"reply-to", "TEXT", "where answers go: a mail address, or a desk"},
	{"by", "DATE", "until when, as it shall stand in the letter"},
	{"csv", NULL, "forms as CSV instead of XLSX"},
	{NULL},
};

const struct kl_command kl_verb_lm3_survey = {
	.words = "lm3 survey",
	.operands = "NAME",
	.example =
		"keeplocal lm3 survey jubilee --out letters-june --top 50 --place \"Calderdale\" "
		"--reply-to survey@example.org",
	.help = "letters and answer forms to suppliers who have not answered and were not asked "
		"yet",
	.more = "A personal letter goes first: a survey that nobody announced is hardly ever "
		"answered. "
		"Largest suppliers first; redacted names, and those with whom nothing is left "
		"after "
		"credit notes, are left out. Who was asked is kept; a later call writes to the "
		"others "
		"only.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
