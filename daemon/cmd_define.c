/* indicator define: indicators of this member's own. */
#include "core/words.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/observation_words.h"
#include "daemon/own_definition.h"
#include "protocol/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct draft {
	struct kl_node *node;
	struct kl_known before; /* the newest version so far */
	bool again;             /* there is one */
	struct kl_known now;
	bool publish, dry, same;
};

/* ---- what was typed ------------------------------------------------------------------------ */

static const char *all_units(char out[160])
{
	size_t used = 0;

	for (int i = 0; i < KL_UNIT_COUNT_ALL; i++)
		used += (size_t)snprintf(out + used, 160 - used, "%s%s", i ? ", " : "",
			kl_unit_name((enum kl_unit)i));
	return out;
}

static int take_unit(const char *text, enum kl_unit *ret_unit, struct kl_fault *fault)
{
	char units[160];

	for (int i = 0; i < KL_UNIT_COUNT_ALL; i++)
		if (kl_words_equal(text, kl_unit_name((enum kl_unit)i))) {
			*ret_unit = (enum kl_unit)i;
			return KL_OK;
		}
	if (!strcmp(text, "£") || kl_words_equal(text, "pounds")) {
		*ret_unit = KL_UNIT_GBP;
		return KL_OK;
	}
	kl_fault(fault, KL_E_USAGE, "there is no unit \"%.40s\"", text);
	return kl_fault_hint(fault, "units: %s", all_units(units));
}

static int take_polarity(const char *text, enum kl_polarity *ret_polarity, struct kl_fault *fault)
{
	if (!kl_polarity_parse(text, ret_polarity))
		return KL_OK;
	kl_fault(fault, KL_E_USAGE, "which way is better? \"%.40s\" is no answer", text);
	return kl_fault_hint(fault, "higher, lower or neither");
}

/* "NAME=UNIT" or "NAME=UNIT,POLARITY". */
static int take_part(const char *text, enum kl_polarity otherwise, struct kl_definition_part *part,
	struct kl_fault *fault)
{
	const char *equals = strchr(text, '='), *comma;
	char name[KL_DEFINITION_NAME_MAX], unit[32], slug[KL_DEFINITION_SLUG_MAX];

	if (!equals || (size_t)(equals - text) >= sizeof name) {
		kl_fault(fault, KL_E_USAGE, "--component \"%.60s\": a name, = and its unit", text);
		return kl_fault_hint(fault, "such as --component \"meals served=count,higher\"");
	}
	(void)snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
	comma = strchr(equals, ',');
	(void)snprintf(unit, sizeof unit, "%.*s",
		comma ? (int)(comma - equals - 1) : (int)strlen(equals + 1), equals + 1);
	kl_definition_slug(name, slug);
	(void)kl_copy_text(part->code, sizeof part->code, slug);
	(void)kl_copy_text(part->name, sizeof part->name, name);
	part->polarity = otherwise;
	if (take_unit(unit, &part->unit, fault))
		return KL_E_USAGE;
	return comma ? take_polarity(comma + 1, &part->polarity, fault) : KL_OK;
}

static int take_parts(struct kl_ask *ask, struct kl_definition *d, enum kl_polarity polarity)
{
	struct kl_value list, item;
	struct kl_cursor c;
	int rc = KL_OK;

	if (kl_get_array(&ask->args, "component", &list))
		return KL_OK;
	if (list.count < 2 || list.count > KL_COMPONENTS_MAX)
		return kl_fault(&ask->fault, KL_E_USAGE,
			"--component stands for each of 2 to %d numbers; a single one has --unit",
			KL_COMPONENTS_MAX);
	d->part_count = 0;
	for (c = kl_cursor(&list); !rc && kl_cursor_next(&c, &item);) {
		char text[KL_DEFINITION_NAME_MAX + 40];

		if (kl_value_text(&item, text, sizeof text))
			return kl_fault(&ask->fault, KL_E_USAGE, "--component is too long");
		rc = take_part(text, polarity, &d->parts[d->part_count++], &ask->fault);
	}
	return rc;
}

/* One number: what it is called is the name of the indicator. */
static int take_single(struct kl_ask *ask, struct kl_definition *d, const char *polarity)
{
	struct kl_definition_part *part = &d->parts[0];
	char unit[32];
	int rc = kl_ask_text(ask, "unit", unit, sizeof unit);

	if (rc || (!unit[0] && !polarity[0]))
		return rc;
	if (d->part_count > 1)
		return kl_fault(&ask->fault, KL_E_USAGE,
			"it has several numbers: each has its unit and polarity in --component");
	if (unit[0])
		rc = take_unit(unit, &part->unit, &ask->fault);
	if (!rc && polarity[0])
		rc = take_polarity(polarity, &part->polarity, &ask->fault);
	if (rc)
		return rc;
	part->code[0] = '\0';
	(void)kl_copy_text(part->name, sizeof part->name, d->name);
	d->part_count = 1;
	return KL_OK;
}

static int take_numbers(struct kl_ask *ask, struct kl_definition *d)
{
	enum kl_polarity otherwise = KL_HIGHER_BETTER;
	struct kl_value list;
	char polarity[32];
	int rc = kl_ask_text(ask, "polarity", polarity, sizeof polarity);

	if (rc)
		return rc;
	if (kl_get_array(&ask->args, "component", &list))
		return take_single(ask, d, polarity);
	if (polarity[0])
		rc = take_polarity(polarity, &otherwise, &ask->fault);
	return rc ? rc : take_parts(ask, d, otherwise);
}

static int take_words(struct kl_ask *ask, struct kl_definition *d)
{
	char characteristic[128], level[32], form[32], span[32], how[KL_DEFINITION_HOW_MAX];
	size_t index;
	int rc = kl_ask_text(ask, "characteristic", characteristic, sizeof characteristic);

	if (!rc && characteristic[0]) {
		rc = kl_characteristic_find(characteristic, &index, &ask->fault);
		if (!rc)
			d->characteristic = (uint8_t)index;
	}
	if (!rc)
		rc = kl_ask_text(ask, "level", level, sizeof level);
	if (!rc && level[0] && kl_indicator_level_parse(level, &d->level))
		rc = kl_fault(&ask->fault, KL_E_USAGE,
			"--level is organisation, neighbourhood or council, not \"%s\"", level);
	if (!rc)
		rc = kl_ask_text(ask, "form", form, sizeof form);
	if (!rc && form[0] && kl_indicator_form_parse(form, &d->form))
		rc = kl_fault(&ask->fault, KL_E_USAGE,
			"--form is quantitative, qualitative or both, not \"%s\"", form);
	if (!rc)
		rc = kl_ask_text(ask, "span", span, sizeof span);
	if (!rc && span[0] && kl_indicator_span_parse(span, &d->span))
		rc = kl_fault(
			&ask->fault, KL_E_USAGE, "--span is snapshot or trend, not \"%s\"", span);
	if (!rc)
		rc = kl_ask_text(ask, "how", how, sizeof how);
	if (!rc && how[0])
		(void)kl_copy_text(d->how, sizeof d->how, how);
	return rc;
}

/* All that a new definition must say, told at once. */
static int check_whole(const struct kl_ask *ask, const struct draft *d, struct kl_fault *fault)
{
	struct kl_value value;
	char missing[160] = "";
	static const char *const needed[] = {"characteristic", "unit", "polarity", "how"};
	bool parts = !kl_map_get(&ask->args, "component", &value);

	if (d->again)
		return KL_OK;
	for (size_t i = 0; i < 4; i++) {
		size_t used = strlen(missing);

		if ((parts && (i == 1 || i == 2)) || !kl_map_get(&ask->args, needed[i], &value))
			continue;
		(void)snprintf(missing + used, sizeof missing - used, "%s--%s", used ? ", " : "",
			needed[i]);
	}
	if (!missing[0])
		return KL_OK;
	kl_fault(fault, KL_E_USAGE, "a new definition says more: missing %s", missing);
	return kl_fault_hint(fault, "such as --characteristic 5 --unit people --polarity higher "
				    "--how \"Count those who "
				    "come.\"");
}

/* ---- the draft ----------------------------------------------------------------------------- */

/* Two names can begin alike: the code of another definition is not taken. */
static int find_before(struct draft *d, const char *name, struct kl_fault *fault)
{
	struct kl_definition *def = &d->now.definition;
	char slug[KL_DEFINITION_SLUG_MAX];
	int rc = KL_OK;

	kl_definition_slug(name, slug);
	if (!slug[0])
		return kl_fault(
			fault, KL_E_USAGE, "a name has letters or digits, \"%s\" has none", name);
	(void)kl_copy_text(def->slug, sizeof def->slug, slug);
	for (int i = 2; i < 10; i++) {
		rc = kl_own_definition(d->node, def->slug, &d->before, fault);
		if (rc || kl_words_equal(d->before.definition.name, name))
			break;
		(void)snprintf(def->slug, sizeof def->slug, "%.*s_%d", KL_DEFINITION_SLUG_MAX - 3,
			slug, i);
	}
	d->again = !rc;
	return rc == KL_E_NOT_FOUND ? KL_OK : rc;
}

static int take_draft(struct draft *d, struct kl_ask *ask)
{
	struct kl_definition *def = &d->now.definition;
	char name[KL_DEFINITION_NAME_MAX];
	int rc = kl_ask_needed(ask, "name", "what is it called?", name, sizeof name);

	if (!rc)
		rc = kl_definition_name_check(name, &ask->fault);
	if (!rc)
		rc = find_before(d, name, &ask->fault);
	if (!rc)
		rc = check_whole(ask, d, &ask->fault);
	if (rc)
		return rc;
	if (d->again) {
		*def = d->before.definition;
	} else {
		(void)kl_copy_text(def->name, sizeof def->name, name);
		def->level = KL_OF_NEIGHBOURHOOD;
		def->span = KL_TREND;
		def->version = 1;
	}
	rc = take_words(ask, def);
	if (!rc)
		rc = take_numbers(ask, def);
	if (rc)
		return rc;
	d->same = d->again && kl_definition_same(def, &d->before.definition);
	if (d->again && !d->same)
		def->version++;
	rc = kl_definition_check(def, &ask->fault);
	return rc == KL_E_INVALID || rc == KL_E_RANGE ? ask->fault.code = KL_E_USAGE : rc;
}

static int encode(struct draft *d, struct kl_fault *fault)
{
	const struct kl_id *self = &d->node->home.identity.sign.public_key;
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	kl_writer_init(&w);
	kl_payload_definition_write(&w, &d->now.definition);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc && bytes.len > sizeof d->now.payload)
		rc = kl_fault(fault, KL_E_TOO_BIG, "this definition is too long");
	if (!rc) {
		memcpy(d->now.payload, bytes.data, bytes.len);
		d->now.len = bytes.len;
		d->now.author = *self;
		kl_definition_id(self, bytes, &d->now.id);
		kl_definition_code(self, d->now.definition.slug, d->now.code);
	}
	kl_writer_deinit(&w);
	return rc;
}

/* ---- keeping and publishing ---------------------------------------------------------------- */

static bool stands_published(const struct draft *d)
{
	return d->same && d->before.published;
}

static int may_publish(const struct draft *d, struct kl_network **ret, struct kl_fault *fault)
{
	const struct kl_roster_member *self;
	int rc = kl_need_network(d->node, ret, fault);

	if (rc)
		return rc;
	self = kl_network_self(*ret);
	if (!kl_network_is_convenor(*ret) && (!self || self->state != KL_MEMBER_ACTIVE)) {
		kl_fault(fault, KL_E_DENIED,
			"only active members of the network publish definitions");
		return kl_fault_hint(fault,
			"keeplocal status tells how you stand; just admitted? it takes a moment");
	}
	if (!kl_definitions_room(
		    &(*ret)->definitions, &(*ret)->own.author, d->now.definition.slug)) {
		kl_fault(fault, KL_E_TOO_BIG, "a member has at most %d published definitions",
			KL_MEMBER_DEFINITIONS_MAX);
		return kl_fault_hint(fault,
			"take one back that is of no use any more: keeplocal indicator withdraw "
			"NAME");
	}
	return kl_network_may_append(*ret, fault);
}

static int keep(struct draft *d, struct kl_network *network, struct kl_fault *fault)
{
	const struct kl_saying saying = {KL_KIND_DEFINITION, kl_bytes(d->now.payload, d->now.len)};
	struct kl_batch *batch = kl_batch_new();

	if (batch)
		kl_known_keep(batch, &d->now);
	if (network)
		return kl_network_append_with(network, &saying, 1, batch, NULL, fault);
	return kl_node_commit(d->node, batch, fault);
}

static void put_draft(struct kl_writer *w, const struct draft *d, bool done)
{
	const struct kl_definition *def = &d->now.definition;
	const struct kl_adopted *adopted =
		d->node->network
			? kl_roster_adopted(&d->node->network->roster, &d->now.author, def->slug)
			: NULL;
	bool older = adopted && !kl_id_equal(&adopted->definition, &d->now.id);
	char hex[KL_ID_HEX_MAX];
	struct kl_indicator view;

	kl_hex(d->now.id.b, KL_ID_BYTES, hex);
	kl_definition_view(def, d->now.code, &view);
	kl_write_map(w, 15);
	kl_put_text(w, "name", def->name);
	kl_put_text(w, "code", d->now.code);
	kl_put_text(w, "definition", hex);
	kl_put_uint(w, "version", def->version);
	kl_put_text(w, "characteristic", kl_characteristic_at(def->characteristic)->name);
	kl_put_text(w, "level", kl_indicator_level_name(def->level));
	kl_put_text(w, "form", kl_indicator_form_name(def->form));
	kl_put_text(w, "span", kl_indicator_span_name(def->span));
	kl_put_text(w, "how", def->how);
	kl_put_components(w, &view);
	if (d->again && !d->same)
		kl_put_uint(w, "replaces", d->before.definition.version);
	else
		kl_put_nil(w, "replaces");
	kl_put_bool(w, "unchanged", d->publish ? stands_published(d) : d->same);
	kl_put_bool(w, "adopted_is_older", older);
	kl_put_bool(w, "kept", done);
	kl_put_bool(w, "published", done && d->publish);
}

static int define(struct draft *d, struct kl_ask *ask)
{
	struct kl_network *network = NULL;
	int rc = KL_OK;

	if (kl_get_bool_or(&ask->args, "dry_run", false, &d->dry) ||
		kl_get_bool_or(&ask->args, "publish", false, &d->publish))
		return kl_fault(&ask->fault, KL_E_USAGE, "--publish and --dry-run take no value");
	rc = take_draft(d, ask);
	if (!rc)
		rc = encode(d, &ask->fault);
	if (!rc)
		rc = kl_texts_refuse_harmful(kl_bytes(d->now.payload, d->now.len), &ask->fault);
	if (!rc && d->publish)
		rc = may_publish(d, &network, &ask->fault);
	if (!rc && !d->dry && !(d->publish ? stands_published(d) : d->same))
		rc = keep(d, network, &ask->fault);
	if (!rc)
		put_draft(&ask->out, d, !d->dry);
	return rc;
}

int kl_cmd_indicator_define(void *data, struct kl_ask *ask)
{
	struct draft *d = calloc(1, sizeof *d);
	int rc;

	if (!d)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for a definition");
	d->node = data;
	rc = define(d, ask);
	free(d);
	return rc ? rc : kl_ask_answer(ask);
}
