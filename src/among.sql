/* src/among.sql */
