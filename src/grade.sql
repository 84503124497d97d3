/* src/grade.sql */
