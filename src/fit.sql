/* src/fit.sql */
