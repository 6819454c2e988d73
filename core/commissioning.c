#include "core/commissioning.h"

#include <stddef.h>

const struct kl_slug kl_characteristic_words[] = {
#define CHARACTERISTIC(number, name, definition, outcome, code) {"c" #number, name},
#include "core/catalogue.def"
#undef CHARACTERISTIC
	{NULL, NULL},
};

const struct kl_slug kl_routes[] = {
	{"innovation_partnership", "innovation partnership"},
	{"reserved_contract", "reserved contract"},
	{"light_touch", "light touch regime"},
	{"single_tender", "single tender action"},
	{"alliance", "alliance contract"},
	{"grant", "grants"},
	{"asset_transfer", "community asset transfer"},
	{"crowdfunding", "match-funded crowdfunding"},
	{"micro_commissioning", "micro-commissioning"},
	{"pooled_budget", "pooled budgets"},
	{"consortium", "consortium"},
	{"locality_commissioning", "locality commissioning"},
	{NULL, NULL},
};

const struct kl_slug kl_commissioning_stages[] = {
	{"analyse", "analyse: what is needed, and what is there"},
	{"plan", "plan: design and specify"},
	{"deliver", "deliver: procure and provide"},
	{"review", "review: monitor and learn"},
	{NULL, NULL},
};

const struct kl_slug kl_barriers[] = {
	{"capacity", "too little capacity"},
	{"risk_aversion", "risk aversion"},
	{"letting_go", "difficulty in letting go"},
	{"disconnected_system", "a disconnected system"},
	{"evidence", "lack of evidence"},
	{NULL, NULL},
};

const struct kl_slug kl_pathways[] = {
	{"core_requirement", "core requirement of the contract"},
	{"contract_condition", "condition of the contract"},
	{"voluntary", "voluntary, agreed after the award"},
	{NULL, NULL},
};

const struct kl_slug kl_lesson_outcomes[] = {
	{"worked", "worked"},
	{"partly", "worked in part"},
	{"did_not", "did not work"},
	{"not_yet", "too early to tell"},
	{NULL, NULL},
};
