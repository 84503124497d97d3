/* src/base/install.sql: how the install script begins */

-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION customer_tier" to load this file. \quit

