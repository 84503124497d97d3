/*-------------------------------------------------------------------------
 *
 * program_load.c
 *		Fill the empty table of standings, many rows at a time.
 *
 * The first evaluation writes a row for every customer. As COPY does, and
 * INSERT does not, it puts rows on the page by the thousand; and they need
 * not be kept until the pass is over, for there is nobody yet who could fall.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/acl.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "program/program_load.h"

#define LOADER_ROWS		1000

struct Loader
{
	Relation	standing;
	DateADT		as_of;
	int		   *from;			/* of each column: the row's, or VALID_FROM */
	EState	   *estate;
	ResultRelInfo *result;
	BulkInsertState bulk;
	int			nrows;			/* that wait */
	TupleTableSlot *rows[LOADER_ROWS];
};

#define VALID_FROM		(-1)

/* Could INSERT do anything but insert rows? */
static bool
is_plain(Relation standing)
{
	Oid			relation = RelationGetRelid(standing);

	return standing->rd_rel->relkind == RELKIND_RELATION &&
		!standing->rd_rel->relispartition &&
		standing->trigdesc == NULL &&
		standing->rd_rules == NULL &&
		check_enable_rls(relation, InvalidOid, true) != RLS_ENABLED &&
		pg_class_aclcheck(relation, GetUserId(), ACL_INSERT) == ACLCHECK_OK;
}

/*
 * Find where the columns of standing come from: those of the same name and
 * type. NULL if there is one more.
 */
static int *
find_columns(TupleDesc standing, TupleDesc rows)
{
	int		   *from = palloc(sizeof(int) * standing->natts);

	for (int i = 0; i < standing->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(standing, i);

		from[i] = VALID_FROM;
		for (int j = 0; j < rows->natts; j++)
		{
			if (strcmp(NameStr(column->attname),
					   NameStr(TupleDescAttr(rows, j)->attname)) == 0 &&
				column->atttypid == TupleDescAttr(rows, j)->atttypid)
				from[i] = j;
		}
		if (from[i] == VALID_FROM &&
			strcmp(NameStr(column->attname), "valid_from") != 0)
			return NULL;
	}
	return from;
}

/* Begin. */
Loader *
loader_begin(const Program *program, TupleDesc rows, DateADT as_of)
{
	Relation	standing = table_open(program->standing, RowExclusiveLock);
	int		   *from = find_columns(RelationGetDescr(standing), rows);
	Loader	   *loader;

	if (from == NULL || !is_plain(standing) ||
		RelationGetNumberOfBlocks(standing) > 0)
	{
		table_close(standing, NoLock);
		return NULL;
	}
	loader = palloc0(sizeof(Loader));
	loader->standing = standing;
	loader->as_of = as_of;
	loader->from = from;
	loader->estate = CreateExecutorState();
	loader->result = makeNode(ResultRelInfo);
	InitResultRelInfo(loader->result, standing, 0, NULL, 0);
	ExecOpenIndices(loader->result, false);
	loader->bulk = GetBulkInsertState();
	for (int i = 0; i < LOADER_ROWS; i++)
		loader->rows[i] = table_slot_create(standing, NULL);
	return loader;
}

/* Put the rows that wait into the table and its indexes. */
static void
flush(Loader *loader)
{
	table_multi_insert(loader->standing, loader->rows, loader->nrows,
					   GetCurrentCommandId(true), 0, loader->bulk);
	for (int i = 0; i < loader->nrows; i++)
	{
		(void) insert_index_entries(loader->result, loader->rows[i],
									loader->estate);
		ResetPerTupleExprContext(loader->estate);
		ExecClearTuple(loader->rows[i]);
	}
	loader->nrows = 0;
}

/* Load a row. */
void
loader_add(Loader *loader, const Datum *values, const bool *isnull)
{
	TupleTableSlot *row = loader->rows[loader->nrows++];

	for (int i = 0; i < row->tts_tupleDescriptor->natts; i++)
	{
		int			from = loader->from[i];

		row->tts_values[i] = from == VALID_FROM ?
			DateADTGetDatum(loader->as_of) : values[from];
		row->tts_isnull[i] = from != VALID_FROM && isnull[from];
	}
	ExecStoreVirtualTuple(row);
	if (row->tts_tupleDescriptor->constr != NULL)
		ExecConstraints(loader->result, row, loader->estate);
	ExecMaterializeSlot(row);
	if (loader->nrows == LOADER_ROWS)
		flush(loader);
}

/* Load what is left, and end. */
void
loader_end(Loader *loader)
{
	if (loader->nrows > 0)
		flush(loader);
	for (int i = 0; i < LOADER_ROWS; i++)
		ExecDropSingleTupleTableSlot(loader->rows[i]);
	FreeBulkInsertState(loader->bulk);
	table_finish_bulk_insert(loader->standing, 0);
	ExecCloseIndices(loader->result);
	FreeExecutorState(loader->estate);
	table_close(loader->standing, NoLock);
}
