/* src/digest.sql */
