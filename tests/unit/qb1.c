#include "tests/unit/qb1.h"
#include "core/field.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

static void read_levels(const json_t *metric, size_t m, struct qb1_schema *schema)
{
	const json_t *levels = vectors_get(metric, "levels");

	assert_int_equal(json_array_size(levels), KL_LEVELS);
	for (size_t l = 0; l < KL_LEVELS; l++) {
		const json_t *runs = json_array_get(levels, l);
		size_t count = json_array_size(runs);

		assert_in_range(count, 1, KL_CELLS_BINS_MAX);
		for (size_t i = 0; i < count; i++)
			schema->run_lengths[m][l][i] =
				(uint8_t)vectors_u64(json_array_get(runs, i));
		schema->levels[m][l] = (struct kl_runs){schema->run_lengths[m][l], (uint8_t)count};
	}
}

void qb1_schema(struct qb1_schema *ret_schema)
{
	json_t *root = vectors_load("schema");
	const json_t *metrics = vectors_get(root, "metrics");
	uint8_t bins[QB1_METRICS_MAX];
	size_t count = json_array_size(metrics);

	assert_in_range(count, 1, QB1_METRICS_MAX);
	for (size_t m = 0; m < count; m++) {
		bins[m] = (uint8_t)vectors_u64(vectors_get(json_array_get(metrics, m), "B"));
		read_levels(json_array_get(metrics, m), m, ret_schema);
	}
	assert_int_equal(kl_cells_init(bins, count, &ret_schema->cells), 0);
	vectors_hex_exact(vectors_get(root, "round_id"), ret_schema->tally.b, KL_ID_BYTES);
	vectors_hex_exact(vectors_get(root, "policy_hash"), ret_schema->policy.b, KL_ID_BYTES);
	vectors_hex_exact(vectors_get(root, "schema_hash"), ret_schema->schema.b, KL_ID_BYTES);
	json_decref(root);
}

struct kl_committee qb1_committee(const json_t *object)
{
	struct kl_committee committee = {0};

	assert_int_equal(
		kl_committee_of((unsigned)vectors_u64(vectors_get(object, "n")), &committee), 0);
	assert_int_equal(committee.t, vectors_u64(vectors_get(object, "t")));
	return committee;
}

size_t qb1_elements_up_to(const json_t *string, uint64_t *ret_elements, size_t max)
{
	uint8_t *bytes = malloc(max * KL_ELEMENT_BYTES + 1);
	size_t len;

	assert_non_null(bytes);
	len = vectors_hex(string, bytes, max * KL_ELEMENT_BYTES);
	assert_int_equal(
		kl_field_decode_all(kl_bytes(bytes, len), ret_elements, len / KL_ELEMENT_BYTES), 0);
	free(bytes);
	return len / KL_ELEMENT_BYTES;
}

void qb1_elements(const json_t *string, uint64_t *ret_elements, size_t count)
{
	assert_int_equal(qb1_elements_up_to(string, ret_elements, count), count);
}

const json_t *qb1_of_seat(const json_t *object, unsigned seat)
{
	char key[16];

	snprintf(key, sizeof key, "%u", seat);
	return json_object_get(object, key);
}

void qb1_deal(const json_t *object, const struct kl_committee *committee, const uint64_t *x,
	size_t cells, struct kl_dealing *ret_dealing)
{
	const json_t *seeds = vectors_get(object, "seeds");
	uint8_t seed[KL_THRESHOLD_MAX][KL_SEED_BYTES];

	assert_int_equal(json_array_size(seeds), committee->t);
	for (size_t i = 0; i < committee->t; i++)
		vectors_hex_exact(json_array_get(seeds, i), seed[i], KL_SEED_BYTES);
	assert_int_equal(kl_deal_init(committee, x, cells, (const uint8_t(*)[KL_SEED_BYTES])seed,
				 ret_dealing),
		0);
}

struct kl_share_binding qb1_binding(
	const struct qb1_schema *schema, const json_t *author, unsigned seat)
{
	struct kl_share_binding binding = {.tally = schema->tally,
		.policy = schema->policy,
		.schema = schema->schema,
		.number = 1,
		.seat = (uint8_t)seat};

	vectors_hex_exact(author, binding.author.b, KL_ID_BYTES);
	return binding;
}

void qb1_set(const json_t *members, struct kl_set *ret_set)
{
	const json_t *member;
	size_t i;

	memset(ret_set, 0, sizeof *ret_set);
	json_array_foreach(members, i, member)
	{
		assert_in_range(vectors_u64(member), 0, KL_SET_MEMBERS_MAX - 1);
		kl_set_add(ret_set, vectors_u64(member));
	}
}

struct kl_population qb1_population(const json_t *object, uint16_t *controls)
{
	const json_t *control = json_object_get(object, "control");
	size_t members = vectors_u64(vectors_get(object, "members"));

	assert_in_range(members, 1, KL_SET_MEMBERS_MAX);
	for (size_t i = 0; i < members; i++) {
		const json_t *group = json_array_get(control, i);

		if (!control)
			controls[i] = (uint16_t)i;
		else
			controls[i] = json_is_null(group) ? KL_CONTROL_NONE
							  : (uint16_t)vectors_u64(group);
	}
	return (struct kl_population){controls, members};
}
