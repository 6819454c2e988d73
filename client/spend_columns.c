#include "client/spend_columns.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const struct kl_column kl_spend_columns[KL_SPEND_COLUMNS] = {
	[KL_SPEND_COL_SUPPLIER] = {.name = "supplier name",
		.aliases = {"beneficiary name", "benificiary name", "supplier (beneficiary) name",
			"approved supplier (beneficiary) name", "supplier name (T)", "vendor name",
			"merchant name", "creditor name", "payee name", "supplier text", "supplier",
			"vendor", "creditor", "payee", "beneficiary", "merchant", "paid to",
			"supplier id (T)", "suuplier id (T)", NULL},
		.required = true,
		.ranked = true},
	[KL_SPEND_COL_AMOUNT] = {.name = "net amount",
		.aliases = {"net amount £", "net amount gbp", "amount excluding vat",
			"amount excl vat", "amount ex vat", "amount exc vat", "net value",
			"total (excludes VAT)", "invoice line value (net of VAT)",
			"amount net of vat", "net", "amount", "amount (£)", "amount gbp",
			"amount paid", "payment amount", "paid amount", "transaction amount",
			"invoice distribution amount", "sum of invoice distribution amount",
			"spend", "invoiced value", "invoice amount", "value", "line amount",
			"expenditure", "total", "grand total", "total amount", "gross amount",
			"gross", "amount including vat", "amount inc vat", NULL},
		.required = true,
		.ranked = true},
	[KL_SPEND_COL_DATE] = {.name = "payment date",
		.aliases = {"date paid", "paid date", "pay date", "date of payment",
			"invoice payment date", "clearing date", "transaction date", "date",
			"effective date", "posting date", "date posted", "certified date",
			"gl date", "invoice gl date", "invoice date", "updated", NULL},
		.ranked = true},
	[KL_SPEND_COL_DEPARTMENT] = {.name = "department",
		.aliases = {"directorate", "directotate", "service label", "service label (T)",
			"service area", "organisational unit", "portfolio", "strategic group",
			"strgrpcc (T)", "strgrp (T)", "nstrg (T)", "service category label",
			"service", "org short name", "entity", "business unit description",
			"expense area", "department name", "directorate name", "service name",
			NULL},
		.ranked = true},
	[KL_SPEND_COL_CATEGORY] = {.name = "category",
		.aliases = {"expenditure category", "procurement classification",
			"proclass description", "category family", "spend category",
			"purchase category", "expense type", "expenditure type",
			"expenditure account", "expenditure account code description",
			"account description", "detailed expenditure type", "expense description",
			"cost centre description", "merchant category",
			"summary of purpose of expenditure", "purpose of expenditure", "purpose",
			"narrative", "description", NULL},
		.ranked = true},
	[KL_SPEND_COL_BODY] = {.name = "body name",
		.aliases = {"organisation name", "organisation label", "organisation", "body",
			"authority", "council", NULL},
		.ranked = true},
	[KL_SPEND_COL_REFERENCE] = {.name = "transaction number",
		.aliases = {"transaction no", "transaction reference", "transaction ref",
			"transaction id", "payment reference", "payment ref", "payment number",
			"internal reference", "reference", "reference number", "ref", "doc no",
			"document number", "voucher number", "invoice number", "invoice no", NULL},
		.ranked = true},
	[KL_SPEND_COL_SIGN] = {.name = "DR/CR",
		.aliases = {"CR/DR", "debit/credit", "credit/debit", "debit or credit",
			"credit or debit", "DR/CR indicator", "debit/credit indicator", NULL},
		.ranked = true},
	[KL_SPEND_COL_POSTCODE] = {.name = "postcode",
		.aliases = {"post code", "supplier postcode", "vendor postcode",
			"beneficiary postcode", "payee postcode", NULL},
		.ranked = true},
};

int kl_spend_amount_signed(const char *sign, int64_t *pence)
{
	static const char *const credit[] = {"cr", "c", "credit", "credit note"};
	static const char *const debit[] = {"", "dr", "d", "debit"};

	for (size_t i = 0; i < sizeof debit / sizeof *debit; i++)
		if (!strcasecmp(sign, debit[i]))
			return KL_OK;
	for (size_t i = 0; i < sizeof credit / sizeof *credit; i++) {
		if (strcasecmp(sign, credit[i]))
			continue;
		*pence = *pence > 0 ? -*pence : *pence;
		return KL_OK;
	}
	return KL_E_INVALID;
}

const char *kl_spend_amount_kind(const char *header)
{
	static const char *const without[] = {"net", "exc", "exvat", NULL};
	static const char *const with[] = {"gross", "inc", NULL};
	char folded[64];
	size_t n = 0;

	for (; *header && n + 1 < sizeof folded; header++)
		if (isalpha((unsigned char)*header))
			folded[n++] = (char)tolower((unsigned char)*header);
	folded[n] = '\0';
	for (size_t i = 0; without[i]; i++)
		if (strstr(folded, without[i]))
			return "without VAT";
	for (size_t i = 0; with[i]; i++)
		if (strstr(folded, with[i]))
			return "with VAT";
	return "";
}
