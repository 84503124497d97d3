/*-------------------------------------------------------------------------
 *
 * catalog.c
 *		The grading systems that come with the extension, and what guards
 *		and searches the table tier_catalog that holds them.
 *
 * The entries stand here and not in the install script because labels in
 * Chinese must not keep the extension out of databases whose encoding has no
 * such characters: a script is converted as a whole, or not at all.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "base/compat.h"
#include "base/rows.h"

/* A row of tier_catalog, in UTF-8 whatever the encoding of the database. */
typedef struct CatalogEntry
{
	const char *name;
	const char *scheme;
	const char *measure;
	const char *unit;
	const char *description;
} CatalogEntry;

#define CATALOG_COLUMNS	5

/*
 * The order is that of doc/catalog.md. An entry in Chinese follows the English
 * one, has the same bounds, and its name ends with _zh.
 */
static const CatalogEntry shipped_entries[] = {
	/* by share of value, or of the customers */
	{"abc",
		"A top 70% of value, B top 90% of value, C",
		"sales of a period", "money",
		"ABC analysis 70/20/10: who brings the first 70%, and the next 20%, of sales"},
	{"abc_80",
		"A top 80% of value, B top 95% of value, C",
		"sales of a period", "money",
		"ABC analysis 80/15/5: who brings the first 80%, and the next 15%, of sales"},
	{"abc_amount",
		"A >= 5000000, B >= 1000000, C",
		"sales of a year", "money",
		"ABC by fixed amounts, which stay when the market moves"},
	{"pareto_check",
		"concentrated >= 0.8, spread",
		"digest_top_share(sales, 0.2)", "share, 0 to 1",
		"the 80/20 rule: do the top 20% of the customers bring 80% of sales?"},
	{"core",
		"core top 20%, potential next 30%, general",
		"sales of a period", "money",
		"core customers are the fifth that the 80/20 rule is about; potential ones come next"},
	{"core_zh",
		"核心 top 20%, 潜力 next 30%, 一般",
		"sales of a period", "money",
		"core, labelled in Chinese"},
	{"vip_pyramid",
		"VIP top 1%, major next 4%, regular next 15%, small",
		"sales of a period", "money",
		"customer pyramid 1/4/15/80"},
	{"vip_pyramid_zh",
		"VIP客户 top 1%, 主要客户 next 4%, 普通客户 next 15%, 小客户",
		"sales of a period", "money",
		"vip_pyramid, labelled in Chinese"},
	{"value_layer",
		"high > p80, \"upper middle\" > p60, middle > p40, \"lower middle\" > p20, low",
		"sales of a period", "money",
		"five layers of users by value, cut at the quintiles"},
	{"value_layer_zh",
		"高价值 > p80, 中高价值 > p60, 中价值 > p40, 中低价值 > p20, 低价值",
		"sales of a period", "money",
		"value_layer, labelled in Chinese"},

	/* by frequency */
	{"frequency",
		"high >= 10, low >= 1, zero",
		"orders in a month", "orders",
		"who buys often, who seldom, who not at all"},
	{"frequency_zh",
		"高频 >= 10, 低频 >= 1, 零频",
		"orders in a month", "orders",
		"frequency, labelled in Chinese"},
	{"monthly_regular",
		"regular >= 10, other",
		"orders in a month", "orders",
		"monthly regulars: 10 or more purchases in a month"},
	{"visitor",
		"group >= 30, monthly >= 10, regular >= 4, \"walk-in\" >= 1",
		"orders in a month", "orders",
		"walk-in, regular, monthly and group customers; without an order not graded"},
	{"loyalty",
		"loyal >= 6, general >= 1, lost",
		"orders in the last 12 months", "orders",
		"who keeps coming, who comes now and then, who stays away"},
	{"loyalty_zh",
		"忠诚 >= 6, 一般 >= 1, 流失",
		"orders in the last 12 months", "orders",
		"loyalty, labelled in Chinese"},

	/* by points, and membership */
	{"points",
		"D > 5000, C >= 3000, B >= 1000, A",
		"accumulated points", "points",
		"points levels A (under 1000) to D (over 5000), D is the best"},
	{"points_discount",
		"\"0.80\" > 5000, \"0.88\" >= 3000, \"0.90\" >= 1000, \"0.95\"",
		"accumulated points", "points",
		"the levels of points with their discount as label: the factor on the price"},
	{"reputation",
		"\"five gold crowns\" >= 10000001, \"four gold crowns\" >= 5000001, "
		"\"three gold crowns\" >= 2000001, \"two gold crowns\" >= 1000001, "
		"\"one gold crown\" >= 500001, "
		"\"five crowns\" >= 200001, \"four crowns\" >= 100001, "
		"\"three crowns\" >= 50001, \"two crowns\" >= 20001, \"one crown\" >= 10001, "
		"\"five diamonds\" >= 5001, \"four diamonds\" >= 2001, "
		"\"three diamonds\" >= 1001, \"two diamonds\" >= 501, \"one diamond\" >= 251, "
		"\"five stars\" >= 151, \"four stars\" >= 91, \"three stars\" >= 41, "
		"\"two stars\" >= 11, \"one star\" >= 4",
		"accumulated points", "points",
		"stars, diamonds, crowns and gold crowns; under 4 points not graded"},
	{"reputation_zh",
		"五金冠 >= 10000001, 四金冠 >= 5000001, 三金冠 >= 2000001, "
		"二金冠 >= 1000001, 一金冠 >= 500001, "
		"五皇冠 >= 200001, 四皇冠 >= 100001, 三皇冠 >= 50001, "
		"二皇冠 >= 20001, 一皇冠 >= 10001, "
		"五钻 >= 5001, 四钻 >= 2001, 三钻 >= 1001, 二钻 >= 501, 一钻 >= 251, "
		"五星 >= 151, 四星 >= 91, 三星 >= 41, 二星 >= 11, 一星 >= 4",
		"accumulated points", "points",
		"reputation, labelled in Chinese"},
	{"membership",
		"VIP >= 3000, ordinary",
		"spending accumulated in a year", "money",
		"who has become a VIP member this year"},
	{"membership_zh",
		"VIP会员 >= 3000, 普通会员",
		"spending accumulated in a year", "money",
		"membership, labelled in Chinese"},

	/* by amount */
	{"order_size",
		"A >= 100000, B >= 10000, C",
		"amount of an order", "money",
		"large, middle and small orders"},
	{"account_level",
		"five >= 5000000, four >= 3000000, three >= 500000, two >= 50000, one >= 10000",
		"sales of a year", "money",
		"account levels one to five, five is the best; under 10,000 not graded"},
	{"account_level_zh",
		"五级 >= 5000000, 四级 >= 3000000, 三级 >= 500000, 二级 >= 50000, 一级 >= 10000",
		"sales of a year", "money",
		"account_level, labelled in Chinese"},
	{"bank",
		"\"private banking\" >= 8000000, \"wealth management\" >= 2000000, "
		"\"personal finance\" >= 200000, ordinary",
		"assets under management", "money",
		"levels of a bank's customers by their assets"},
	{"bank_zh",
		"私人银行 >= 8000000, 财富管理 >= 2000000, 理财 >= 200000, 普通",
		"assets under management", "money",
		"bank, labelled in Chinese"},

	/* two measures together, by tier_all */
	{"medal_amount",
		"gold >= 100000, silver >= 10000, bronze",
		"sales of a year", "money",
		"gold, silver and bronze by amount and frequency together, by tier_all: the amount"},
	{"medal_amount_zh",
		"金牌 >= 100000, 银牌 >= 10000, 铜牌",
		"sales of a year", "money",
		"medal_amount, labelled in Chinese"},
	{"medal_frequency",
		"gold >= 12, silver >= 4, bronze",
		"orders in a year", "orders",
		"gold, silver and bronze by amount and frequency together, by tier_all: the frequency"},
	{"medal_frequency_zh",
		"金牌 >= 12, 银牌 >= 4, 铜牌",
		"orders in a year", "orders",
		"medal_frequency, labelled in Chinese"},
	{"trade_length",
		"main >= 2 years, general >= 6 months, scattered",
		"time since the first order", "time",
		"main, general and scattered customers by length of trade and volume together, by tier_all: the length"},
	{"trade_length_zh",
		"主力 >= 2 years, 一般 >= 6 months, 零散",
		"time since the first order", "time",
		"trade_length, labelled in Chinese"},
	{"trade_volume",
		"main >= 500000, general >= 50000, scattered",
		"sales of a year", "money",
		"main, general and scattered customers by length of trade and volume together, by tier_all: the volume"},
	{"trade_volume_zh",
		"主力 >= 500000, 一般 >= 50000, 零散",
		"sales of a year", "money",
		"trade_volume, labelled in Chinese"},

	/* by time */
	{"prospect",
		"A within 1 month, B within 3 months, C within 6 months, D, E by rule",
		"time until the expected close", "time",
		"which prospects to call first; D is later or latent, E is dead"},
	{"prospect_overdue",
		"overdue < 0 days, A within 1 month, B within 3 months, C within 6 months, D, E by rule",
		"time until the expected close", "time",
		"prospect, with those whose day has passed on top"},
	{"lead",
		"H within 3 days, A within 1 week, B within 1 month, C within 3 months, "
		"O by rule, F by rule, L by rule",
		"time until the expected order", "time",
		"leads H, A, B, C, and the states O (ordered), F (lost), L (no intention); beyond 3 months not graded"},
	{"tenure",
		"established >= 6 months, provisional",
		"time since the first order", "time",
		"new customers have a provisional grade until six months of business"},
	{"life_cycle",
		"active within 3 months, sleeping within 12 months, lost",
		"time since the last order", "time",
		"life cycle by last order; life_cycle_new tells the new ones from the active ones"},
	{"life_cycle_zh",
		"活跃 within 3 months, 沉睡 within 12 months, 流失",
		"time since the last order", "time",
		"life_cycle, labelled in Chinese"},
	{"life_cycle_new",
		"new within 3 months, active",
		"time since the first order", "time",
		"life cycle by tenure, for those whom life_cycle calls active"},
	{"life_cycle_new_zh",
		"新客 within 3 months, 活跃",
		"time since the first order", "time",
		"life_cycle_new, labelled in Chinese"},

	/* by scores */
	{"satisfaction",
		"A >= 80, B >= 60, C",
		"mean survey score", "score, 0 to 100",
		"how satisfied customers are"},
	{"composite",
		"A >= 80, B >= 60, C",
		"score_of(composite_card(), ...)", "score, 0 to 100",
		"three levels of yearly sales, price level, payment and trend together"},
	{"risk",
		"low < 20, \"medium low\" < 40, medium < 60, \"medium high\" < 80, high",
		"score_of(risk_card(), ...)", "score, 0 to 100",
		"five levels of money-laundering risk, low is the best"},
	{"risk_zh",
		"低风险 < 20, 较低风险 < 40, 中风险 < 60, 较高风险 < 80, 高风险",
		"score_of(risk_card(), ...)", "score, 0 to 100",
		"risk, labelled in Chinese"},
	{"prospect_steps",
		"2 >= 80, 1 >= 60, 0 >= 20, \"-2\"",
		"outlook", "score, 0 to 100",
		"how many steps a customer's outlook moves its grade up or down: the label, for tier_promote"},
	{"matrix_value",
		"2 >= 1000000, 1",
		"sales of a year", "money",
		"value by potential: the first digit of the cell, for rfm_segment"},
	{"matrix_potential",
		"2 >= 60, 1",
		"potential", "score, 0 to 100",
		"value by potential: the second digit of the cell, for rfm_segment"}
};

PG_FUNCTION_INFO_V1(tier_catalog_shipped);
PG_FUNCTION_INFO_V1(tier_catalog_protect);
PG_FUNCTION_INFO_V1(tier_catalog_distance);
PG_FUNCTION_INFO_V1(tier_catalog_unknown);

/* Does this database's encoding have the characters of an entry? */
static bool
is_representable(const CatalogEntry *entry)
{
	int			encoding = GetDatabaseEncoding();
	const char *s;

	/* SQL_ASCII keeps bytes as they come. */
	if (encoding == PG_UTF8 || encoding == PG_EUC_CN || encoding == PG_SQL_ASCII)
		return true;
	for (s = entry->scheme; *s != '\0'; s++)
	{
		if (IS_HIGHBIT_SET(*s))
			return false;
	}
	return true;
}

/* A constant of this file, as a text of this database. */
static Datum
shipped_text(const char *utf8)
{
	return CStringGetTextDatum(pg_any_to_server(utf8, strlen(utf8), PG_UTF8));
}

/* The entries that come with the extension, as far as the encoding allows. */
Datum
tier_catalog_shipped(PG_FUNCTION_ARGS)
{
	rows_begin(fcinfo);
	for (int i = 0; i < (int) lengthof(shipped_entries); i++)
	{
		const CatalogEntry *entry = &shipped_entries[i];
		Datum		values[CATALOG_COLUMNS];
		bool		nulls[CATALOG_COLUMNS] = {false};

		if (!is_representable(entry))
			continue;
		values[0] = shipped_text(entry->name);
		values[1] = shipped_text(entry->scheme);
		values[2] = shipped_text(entry->measure);
		values[3] = shipped_text(entry->unit);
		values[4] = shipped_text(entry->description);
		rows_add(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

/*
 * Trigger: leave shipped entries to the extension's own scripts. A change to
 * them would not be dumped.
 */
Datum
tier_catalog_protect(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called as a trigger",
						"tier_catalog_protect")));
	if (!creating_extension)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("shipped entries of tier_catalog cannot be changed"),
				 errhint("Insert an entry of your own; it goes before a shipped one of the same name.")));
	return PointerGetDatum(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ?
						   trigger->tg_newtuple : trigger->tg_trigtuple);
}

/* How many letters must be typed, removed or replaced to make b of a. */
Datum
tier_catalog_distance(PG_FUNCTION_ARGS)
{
	text	   *a = PG_GETARG_TEXT_PP(0);
	text	   *b = PG_GETARG_TEXT_PP(1);

	PG_RETURN_INT32(varstr_levenshtein(VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a),
									   VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b),
									   1, 1, 1, false));
}

/* Throw: no scheme has this name; those of the array are near. */
Datum
tier_catalog_unknown(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Datum	   *near;
	int			nnear;
	StringInfoData hint;
	int			i;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT,
					  &near, NULL, &nnear);
	initStringInfo(&hint);
	for (i = 0; i < nnear; i++)
		appendStringInfo(&hint, "%s\"%s\"",
						 i == 0 ? "" : i < nnear - 1 ? ", " : " or ",
						 TextDatumGetCString(near[i]));

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("there is no scheme named \"%s\"", name),
			 nnear > 0 ?
			 errhint("Did you mean %s? SELECT name FROM tier_catalog lists all.", hint.data) :
			 errhint("SELECT name FROM tier_catalog lists all names.")));
	return (Datum) 0;			/* keep compiler quiet */
}
